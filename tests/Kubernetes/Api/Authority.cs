using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>A certificate authority for one test run; what it makes lies in a folder as PEM files.</summary>
internal sealed class Authority
{
    private readonly string _folder;
    private readonly X509Certificate2 _certificate;

    public Authority(string folder, string name)
    {
        _folder = folder;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(2));
        File = Path.Combine(folder, $"{name}.crt");
        System.IO.File.WriteAllText(File, _certificate.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate.</summary>
    public string File { get; }

    /// <summary>Makes a certificate for client and server.</summary>
    /// <returns>The files of certificate and key.</returns>
    public (string Certificate, string Key) Make(string name, string[]? groups = null, string[]? names = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        foreach (string group in groups ?? []) subject.AddOrganizationName(group);
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string alternative in names ?? ["localhost"])
        {
            if (IPAddress.TryParse(alternative, out IPAddress? address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(alternative);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(8);
        serial[0] &= 0x7f; // a positive number
        using X509Certificate2 signed = request.Create(_certificate, DateTimeOffset.UtcNow.AddMinutes(-4), DateTimeOffset.UtcNow.AddDays(1), serial);
        string stem = Path.Combine(_folder, $"{name}-{Guid.NewGuid():N}"[..(name.Length + 9)]);
        System.IO.File.WriteAllText($"{stem}.crt", signed.ExportCertificatePem());
        System.IO.File.WriteAllText($"{stem}.key", key.ExportPkcs8PrivateKeyPem());
        return ($"{stem}.crt", $"{stem}.key");
    }
}
