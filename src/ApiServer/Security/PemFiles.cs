using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Margay.ApiServer.Security;

/// <summary>Certificates and keys as files. A key is never readable by others, not even for a moment.</summary>
internal static class PemFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static bool Exists(string folder, string name) =>
        File.Exists(Path.Combine(folder, $"{name}.crt")) && File.Exists(Path.Combine(folder, $"{name}.key"));

    public static X509Certificate2 Read(string folder, string name) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(folder, $"{name}.crt"), Path.Combine(folder, $"{name}.key"));

    public static void Write(string folder, string name, X509Certificate2 certificate)
    {
        // The key first: a certificate without its key would be taken for a finished pair.
        WriteFile(Path.Combine(folder, $"{name}.key"), KeyPem(certificate), OwnerOnly);
        WriteFile(Path.Combine(folder, $"{name}.crt"), certificate.ExportCertificatePem() + "\n",
            OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    public static string KeyPem(X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("The certificate has no EC key.");
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>The names and addresses of a server certificate.</summary>
    public static HashSet<string> NamesOf(X509Certificate2 certificate)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (X509SubjectAlternativeNameExtension extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            names.UnionWith(extension.EnumerateDnsNames());
            names.UnionWith(extension.EnumerateIPAddresses().Select(a => a.ToString()));
        }
        return names;
    }

    /// <summary>Replaces a file as a whole, so that a reader or a crash never meets half of it.</summary>
    public static void WriteFile(string path, string text, UnixFileMode mode)
    {
        string fresh = $"{path}.{Environment.ProcessId}.new";
        File.Delete(fresh);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
        using (var file = new FileStream(fresh, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(fresh, path, overwrite: true);
    }
}
