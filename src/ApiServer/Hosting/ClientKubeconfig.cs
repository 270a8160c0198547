using System.Security.Cryptography.X509Certificates;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Hosting;

/// <summary>Makes credentials for users and components.</summary>
public static class ClientKubeconfig
{
    /// <summary>Signs a certificate for a user and writes a kubeconfig with it, readable by the owner only.</summary>
    /// <param name="dataDirectory">The API server's folder; the server need not run.</param>
    /// <param name="user">The user.</param>
    /// <param name="groups">The user's groups.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="StartException">The folder has no authority.</exception>
    public static void Write(string dataDirectory, string user, IReadOnlyCollection<string> groups, string server, string path)
    {
        string folder = Path.Combine(dataDirectory, "pki");
        if (!PemFiles.Exists(folder, "ca"))
            throw new StartException($"{dataDirectory} is not the folder of an API server that was started: {folder}/ca.crt is missing");
        var authority = CertificateAuthority.Open(folder, TimeProvider.System);
        using X509Certificate2 certificate = authority.Client(user, groups);
        Kubeconfig.Write(path, server, authority.Certificate, certificate, user);
    }
}
