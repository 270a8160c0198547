using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Margay.ApiServer.Security;

/// <summary>
/// The authority of one server, made at its first start: it signs the server's certificate and those of clients. Keys are
/// on P-256 and readable by their owner only.
/// </summary>
internal sealed class CertificateAuthority
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1"; // RFC 5280, 4.2.1.12: id-kp-serverAuth
    private const string ClientUse = "1.3.6.1.5.5.7.3.2"; // id-kp-clientAuth

    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LeafLife = TimeSpan.FromDays(365);

    /// <summary>Clocks of clients may be behind.</summary>
    private static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 certificate, TimeProvider time) => (Certificate, _time) = (certificate, time);

    /// <summary>The authority's own certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Opens the authority of a folder, or makes it.</summary>
    public static CertificateAuthority Open(string folder, TimeProvider time)
    {
        string path = Path.Combine(folder, "ca.crt");
        if (!File.Exists(path))
        {
            using X509Certificate2 made = Make(time);
            PemFiles.Write(folder, "ca", made);
        }
        return new CertificateAuthority(PemFiles.Read(folder, "ca"), time);
    }

    /// <summary>Makes the certificate of a new authority, with its key, which is kept nowhere yet.</summary>
    public static X509Certificate2 Make(TimeProvider time)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=margay-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        DateTimeOffset now = time.GetUtcNow();
        return request.CreateSelfSigned(now - Backdate, now + AuthorityLife);
    }

    /// <summary>The server's certificate for these names and addresses; kept while it fits and is not about to end.</summary>
    public X509Certificate2 Server(string folder, IReadOnlyCollection<string> names)
    {
        string[] wanted = [.. names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];
        if (PemFiles.Exists(folder, "server"))
        {
            X509Certificate2 kept = PemFiles.Read(folder, "server");
            if (IsGood(kept) && PemFiles.NamesOf(kept).SetEquals(wanted)) return kept;
            kept.Dispose();
        }
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in wanted)
        {
            if (IPAddress.TryParse(name, out IPAddress? address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }
        PemFiles.Write(folder, "server", Issue(new X500DistinguishedName("CN=margay-apiserver"), ServerUse, alternatives.Build()));
        return PemFiles.Read(folder, "server");
    }

    /// <summary>A certificate that makes its holder a user with groups.</summary>
    public X509Certificate2 Client(string user, IReadOnlyCollection<string> groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (string group in groups) subject.AddOrganizationName(group);
        subject.AddCommonName(user);
        return Issue(subject.Build(), ClientUse, null);
    }

    /// <summary>A stored client certificate; made when missing, near its end, or from another authority.</summary>
    public X509Certificate2 Client(string folder, string file, string user, IReadOnlyCollection<string> groups)
    {
        if (PemFiles.Exists(folder, file))
        {
            X509Certificate2 kept = PemFiles.Read(folder, file);
            if (IsGood(kept)) return kept;
            kept.Dispose();
        }
        PemFiles.Write(folder, file, Client(user, groups));
        return PemFiles.Read(folder, file);
    }

    private bool IsGood(X509Certificate2 certificate) =>
        certificate.IssuerName.RawData.AsSpan().SequenceEqual(Certificate.SubjectName.RawData)
        && certificate.NotAfter.ToUniversalTime() > _time.GetUtcNow().UtcDateTime + (LeafLife / 4)
        && new ClientCertificates([Certificate], _time).IsSigned(certificate);

    private X509Certificate2 Issue(X500DistinguishedName subject, string use, X509Extension? alternatives)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        if (alternatives is not null) request.CertificateExtensions.Add(alternatives);
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset end = now + LeafLife;
        if (end > Certificate.NotAfter) end = Certificate.NotAfter;
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f; // serial numbers are positive (RFC 5280, 4.1.2.2)
        using X509Certificate2 signed = request.Create(Certificate, now - Backdate, end, serial);
        return signed.CopyWithPrivateKey(key);
    }
}
