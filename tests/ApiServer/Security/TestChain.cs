using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Margay.ApiServer.Tests.Security;

/// <summary>Certificates with authorities between them and a root.</summary>
internal static class TestChain
{
    /// <summary>Makes one with its key.</summary>
    /// <param name="subject">Its name, <c>CN=NAME</c>; for one that is no authority also its name as a server.</param>
    /// <param name="issuer">Who signs it; null for itself.</param>
    /// <param name="authority">Whether it may sign others.</param>
    /// <param name="until">When it ends; null for in an hour.</param>
    public static X509Certificate2 Make(string subject, X509Certificate2? issuer, bool authority = false, DateTimeOffset? until = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(authority ? X509KeyUsageFlags.KeyCertSign : X509KeyUsageFlags.DigitalSignature, true));
        if (!authority)
        {
            // id-kp-serverAuth, id-kp-clientAuth
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(subject["CN=".Length..]);
            request.CertificateExtensions.Add(names.Build());
        }
        DateTimeOffset from = DateTimeOffset.UtcNow.AddHours(-1), end = until ?? DateTimeOffset.UtcNow.AddHours(1);
        if (issuer is null) return request.CreateSelfSigned(from, end);
        // Not by the certificate alone: that would refuse an issuer that may not sign, or has ended.
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!);
        using X509Certificate2 made = request.Create(issuer.SubjectName, generator, from, end, RandomNumberGenerator.GetBytes(8));
        return made.CopyWithPrivateKey(key);
    }
}
