using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Security;

/// <summary>Authorities below a root, in the bundles that clusters have.</summary>
public sealed class ClientCertificatesTests : IDisposable
{
    private readonly X509Certificate2 _root = TestChain.Make("CN=root", null, authority: true);
    private readonly X509Certificate2 _below;
    private readonly X509Certificate2 _client;

    public ClientCertificatesTests()
    {
        _below = TestChain.Make("CN=below", _root, authority: true);
        _client = TestChain.Make("CN=ann", _below);
    }

    public void Dispose()
    {
        foreach (X509Certificate2 made in (X509Certificate2[])[_root, _below, _client]) made.Dispose();
    }

    [Fact]
    public void The_way_to_a_root_may_lead_over_others_of_the_bundle() => Assert.Equal("ann", Read(_client, _root, _below));

    [Fact]
    public void An_authority_below_a_root_is_believed_by_itself() => Assert.Equal("ann", Read(_client, _below));

    [Fact]
    public void A_root_without_what_leads_to_it_is_not_enough() => Assert.Null(Read(_client, _root));

    [Fact]
    public void Nobody_is_believed_without_an_authority() => Assert.Null(Read(_client));

    /// <summary>Chains are found by names; only signatures prove anything.</summary>
    [Fact]
    public void A_name_is_no_signature()
    {
        using X509Certificate2 other = TestChain.Make("CN=below", null, authority: true);
        using X509Certificate2 forged = TestChain.Make("CN=ann", other);
        Assert.Null(Read(forged, _below));
        Assert.Null(Read(forged, _root, _below));
    }

    [Fact]
    public void A_client_is_no_authority()
    {
        using X509Certificate2 signed = TestChain.Make("CN=bob", _client);
        Assert.Null(Read(signed, _below));
        Assert.Null(Read(signed, _below, _client));
        Assert.Null(Read(signed, _client));
    }

    [Fact]
    public void An_authority_that_has_ended_is_not_believed()
    {
        using X509Certificate2 ended = TestChain.Make("CN=below", _root, authority: true, until: DateTimeOffset.UtcNow.AddMinutes(-1));
        using X509Certificate2 client = TestChain.Make("CN=ann", ended);
        Assert.Null(Read(client, ended));
        Assert.Null(Read(client, _root, ended));
    }

    private static string? Read(X509Certificate2 shown, params X509Certificate2[] authorities) => new ClientCertificates(authorities, TimeProvider.System).Read(shown)?.Name;
}
