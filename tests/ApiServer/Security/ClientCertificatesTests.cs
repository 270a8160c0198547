using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Security;

/// <summary>Authorities below a root, in the bundles that clusters have.</summary>
public sealed class ClientCertificatesTests : IDisposable
{
    private readonly X509Certificate2 _root = Make("CN=root", null, authority: true);
    private readonly X509Certificate2 _below;
    private readonly X509Certificate2 _client;

    public ClientCertificatesTests()
    {
        _below = Make("CN=below", _root, authority: true);
        _client = Make("CN=ann", _below);
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
        using X509Certificate2 other = Make("CN=below", null, authority: true);
        using X509Certificate2 forged = Make("CN=ann", other);
        Assert.Null(Read(forged, _below));
        Assert.Null(Read(forged, _root, _below));
    }

    [Fact]
    public void A_client_is_no_authority()
    {
        using X509Certificate2 signed = Make("CN=bob", _client);
        Assert.Null(Read(signed, _below));
        Assert.Null(Read(signed, _below, _client));
        Assert.Null(Read(signed, _client));
    }

    [Fact]
    public void An_authority_that_has_ended_is_not_believed()
    {
        using X509Certificate2 ended = Make("CN=below", _root, authority: true, until: DateTimeOffset.UtcNow.AddMinutes(-1));
        using X509Certificate2 client = Make("CN=ann", ended);
        Assert.Null(Read(client, ended));
        Assert.Null(Read(client, _root, ended));
    }

    private static string? Read(X509Certificate2 shown, params X509Certificate2[] authorities) => new ClientCertificates(authorities, TimeProvider.System).Read(shown)?.Name;

    private static X509Certificate2 Make(string subject, X509Certificate2? issuer, bool authority = false, DateTimeOffset? until = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(authority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, true));
        if (!authority) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        DateTimeOffset from = DateTimeOffset.UtcNow.AddHours(-1), end = until ?? DateTimeOffset.UtcNow.AddHours(1);
        if (issuer is null) return request.CreateSelfSigned(from, end);
        // Not by the certificate alone: that would refuse an issuer that may not sign, or has ended.
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!);
        using X509Certificate2 made = request.Create(issuer.SubjectName, generator, from, end, RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }
}
