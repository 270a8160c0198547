namespace Margay.Tests.Tiers;

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
        TestContext.Current.SendDiagnosticMessage("{0} asked about {1} users: {2} requests", GetType().Name, _clients.Count, _clients.Values.Sum(client => client.Requests));
        foreach (ApiClient client in _clients.Values) client.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal Task<TierWorld> WorldAsync() => _world ??= MakeAsync();

    /// <summary>Somebody's client.</summary>
    internal ApiClient As(string user)
    {
        if (!_clients.TryGetValue(user, out ApiClient? client)) _clients[user] = client = Connect(user);
        return client;
    }

    private protected abstract ApiClient Connect(string user);

    /// <summary>Waits until the server knows the rights that were given, where it learns of them behind the answer.</summary>
    private protected virtual Task SettleAsync(TierWorld world) => Task.CompletedTask;

    private async Task<TierWorld> MakeAsync()
    {
        TierWorld world = await TierWorld.MakeAsync(Admin, Everybody);
        await SettleAsync(world);
        return world;
    }
}
