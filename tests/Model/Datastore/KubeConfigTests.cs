using Margay.Model.Datastore.Kube;
using Xunit;

namespace Margay.Model.Tests.Datastore;

public sealed class KubeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("margay-kubeconfig").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_current_context_joins_cluster_and_user()
    {
        File.WriteAllText(Path.Combine(_folder, "key.pem"), "KEY");
        string file = Write("config", """
            apiVersion: v1
            kind: Config
            current-context: lab
            clusters:
            - name: other
              cluster: {server: "https://other"}
            - name: lab
              cluster:
                server: https://192.0.2.1:6443
                certificate-authority-data: Q0E=
                tls-server-name: margay
            users:
            - name: admin
              user: {client-certificate-data: Q0VSVA==, client-key: key.pem}
            contexts:
            - name: lab
              context: {cluster: lab, user: admin, namespace: shop}
            - name: second
              context: {cluster: other}
            """);

        var connection = KubeConfig.Connect(file);

        Assert.Equal(new Uri("https://192.0.2.1:6443"), connection.Server);
        Assert.Equal(("CA", "CERT", "KEY"), (connection.CertificateAuthority, connection.ClientCertificate, connection.ClientKey));
        Assert.Equal(("margay", "shop"), (connection.TlsServerName, connection.Namespace));
        Assert.Equal("default", KubeConfig.Connect(file, "second").Namespace);
        Assert.Equal(["lab", "second"], KubeConfig.Load(file).Contexts);
    }

    [Theory]
    [InlineData("contexts: []", "no current-context")]
    [InlineData("current-context: x", "there is no context \"x\"")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]", "there is no cluster \"c\"")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: nonsense}}]", "is not the address of a server")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://a'}}]\nusers: [{name: u, user: {exec: {command: aws}}}]", "plugin")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://a', certificate-authority: gone.pem}}]", "certificate-authority")]
    [InlineData("a: [", ":1:")]
    public void What_is_missing_is_named_with_its_file(string yaml, string problem)
    {
        string file = Write("config", yaml);

        var error = Assert.Throws<KubeConfigException>(() => KubeConfig.Connect(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_must_exist() =>
        Assert.Throws<KubeConfigException>(() => KubeConfig.Connect(Path.Combine(_folder, "none")));

    private string Write(string name, string text)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
