using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Margay.ApiServer.Security;

/// <summary>Reads users from client certificates: the common name is the user, the organizations are the groups.</summary>
/// <param name="authorities">Who may have signed them, directly or by way of others of these: roots, or authorities below one (as Go takes them).</param>
/// <param name="time">The clock.</param>
internal sealed class ClientCertificates(IReadOnlyCollection<X509Certificate2> authorities, TimeProvider time)
{
    private const string CommonName = "2.5.4.3";   // X.520 id-at-commonName
    private const string Organization = "2.5.4.10"; // X.520 id-at-organizationName
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>The user of a certificate, or null when none of the authorities has signed it for a client.</summary>
    public UserInfo? Read(X509Certificate2 certificate)
    {
        if (!Verify(certificate, ClientUse)) return null;
        var groups = new List<string>();
        string name = "";
        foreach (var (type, value) in Attributes(certificate.SubjectName))
        {
            if (type == CommonName) name = value;
            if (type == Organization) groups.Add(value);
        }
        return name.Length == 0 ? null : new UserInfo(name, [.. groups, UserInfo.Authenticated]);
    }

    /// <summary>Until when a certificate proves anything; for ever where there is none.</summary>
    public static DateTimeOffset EndOf(X509Certificate2? certificate) => certificate?.NotAfter.ToUniversalTime() ?? DateTimeOffset.MaxValue;

    public bool IsSigned(X509Certificate2 certificate) => Verify(certificate, null);

    private bool Verify(X509Certificate2 certificate, string? use)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities.ToArray());
        // A chain may end below a root: whether it holds one of ours is looked at here. Signatures, times and uses have to be right all the same.
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        DateTime now = time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTime = now;
        if (use is not null) chain.ChainPolicy.ApplicationPolicy.Add(new Oid(use));
        return chain.Build(certificate) && chain.ChainElements.Any(element => IsAnchor(element.Certificate, now));
    }

    /// <summary>The last one of a chain that ends below a root has not been asked for its time.</summary>
    private bool IsAnchor(X509Certificate2 signer, DateTime now) =>
        signer.NotBefore.ToUniversalTime() <= now && now <= signer.NotAfter.ToUniversalTime()
        && authorities.Any(ours => ours.RawDataMemory.Span.SequenceEqual(signer.RawDataMemory.Span));

    /// <summary>
    /// All attributes of a name. By hand, because Go puts several organizations into one relative name, which the library
    /// does not take apart.
    /// </summary>
    private static List<(string Type, string Value)> Attributes(X500DistinguishedName name)
    {
        var attributes = new List<(string, string)>();
        var sequence = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData)
        {
            AsnReader set = sequence.ReadSetOf(skipSortOrderValidation: true);
            while (set.HasData)
            {
                AsnReader attribute = set.ReadSequence();
                string type = attribute.ReadObjectIdentifier();
                Asn1Tag tag = attribute.PeekTag();
                if (tag.TagClass == TagClass.Universal && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String
                    or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String)
                    attributes.Add((type, attribute.ReadCharacterString((UniversalTagNumber)tag.TagValue)));
            }
        }
        return attributes;
    }
}
