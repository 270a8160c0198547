using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Margay.ApiServer.Security;

/// <summary>Writes the file with which kubectl and our own programs find the server and prove who they are.</summary>
internal static class Kubeconfig
{
    public static void Write(string path, string server, X509Certificate2 authority, X509Certificate2 client, string user)
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(directory);
        PemFiles.WriteFile(path, Render(server, authority, client, user), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string Render(string server, X509Certificate2 authority, X509Certificate2 client, string user) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: margay
          cluster:
            server: {server}
            certificate-authority-data: {Encode(authority.ExportCertificatePem())}
        contexts:
        - name: margay
          context:
            cluster: margay
            user: "{user}"
        current-context: margay
        users:
        - name: "{user}"
          user:
            client-certificate-data: {Encode(client.ExportCertificatePem())}
            client-key-data: {Encode(PemFiles.KeyPem(client))}

        """;

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
