using Margay.ApiServer.Security;
using Margay.Tests.Tiers;

namespace Margay.ApiServer.Tests.Authorization.Tiers;

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
        new(_server.Host.Address, _server.Authority, CertificateAuthority.Open(_server.Pki, TimeProvider.System).Client(user, []));
}

/// <summary>The suite against the standalone server.</summary>
public sealed class StandaloneTierRightsTests(StandaloneTierServer server) : TierRightsSuite(server), IClassFixture<StandaloneTierServer>;
