using Margay.ApiServer.Security;

namespace Margay.ApiServer.Hosting;

/// <summary>Makes certificates for other servers of the cluster.</summary>
public static class ServingCertificate
{
    /// <summary>Signs a certificate for names and addresses; writes it, its key and the authority into a folder.</summary>
    /// <param name="dataDirectory">The API server's folder; the server need not run.</param>
    /// <param name="names">What clients call the server.</param>
    /// <param name="folder">Where to write; made when missing.</param>
    /// <exception cref="StartException">The folder has no authority.</exception>
    public static void Write(string dataDirectory, IReadOnlyCollection<string> names, string folder)
    {
        string pki = Path.Combine(dataDirectory, "pki");
        if (!PemFiles.Exists(pki, "ca"))
            throw new StartException($"{dataDirectory} is not the folder of an API server that was started: {pki}/ca.crt is missing");
        try
        {
            Directory.CreateDirectory(folder);
            CertificateAuthority.Open(pki, TimeProvider.System).Server(folder, names).Dispose();
            File.Copy(Path.Combine(pki, "ca.crt"), Path.Combine(folder, "ca.crt"), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--out {folder} cannot be written: {e.Message}", e);
        }
    }
}
