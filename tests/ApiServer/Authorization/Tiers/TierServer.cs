using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Authorization.Tiers;

/// <summary>A server that the suite of rights by tier is pointed at: any that speaks the Kubernetes API and serves projectcalico.org/v3.</summary>
public abstract class TierServer : IAsyncLifetime
{
    private readonly Dictionary<string, ApiClient> _clients = [];
    private Task<TierWorld>? _world;

    /// <summary>Rights that everybody has on this server.</summary>
    public virtual IReadOnlyList<Grant> Everybody { get; } = [new(null, ["get"], ["tiers"], ["default"])];

    internal abstract ApiClient Admin { get; }

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        foreach (ApiClient client in _clients.Values) client.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal Task<TierWorld> WorldAsync() => _world ??= TierWorld.MakeAsync(Admin, Everybody);

    /// <summary>Somebody's client.</summary>
    internal ApiClient As(string user)
    {
        if (!_clients.TryGetValue(user, out ApiClient? client)) _clients[user] = client = Connect(user);
        return client;
    }

    private protected abstract ApiClient Connect(string user);
}

/// <summary>The standalone server, with certificates.</summary>
public sealed class StandaloneTierServer : TierServer
{
    private readonly TestServer _server = new();

    internal override ApiClient Admin => _server.Client;

    public override ValueTask InitializeAsync() => _server.InitializeAsync();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    private protected override ApiClient Connect(string user) =>
        new(_server.Host.Address, _server.Pki, CertificateAuthority.Open(_server.Pki, TimeProvider.System).Client(user, []));
}
