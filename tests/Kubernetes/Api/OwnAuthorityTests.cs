using System.Net;
using System.Net.Sockets;
using Margay.Model.Datastore.Kube;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>A server that makes its own certificate has the cluster believe it.</summary>
[Collection(ControlPlane.OneAtATime)]
public sealed class OwnAuthorityTests(ControlPlane cluster)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_registration_is_told_of_the_authority_with_the_rights_that_the_chart_gives()
    {
        // Another name than that of the server that the other tests use; nobody asks for the group.
        await cluster.ApplyAsync("""
            {"apiVersion":"v1","kind":"List","items":[
             {"apiVersion":"apiregistration.k8s.io/v1","kind":"APIService","metadata":{"name":"v3.own.example"},"spec":{"group":"own.example","version":"v3","groupPriorityMinimum":1,
              "versionPriority":1,"service":{"name":"margay-api","namespace":"margay-system","port":443} } },
             {"apiVersion":"v1","kind":"Secret","metadata":{"name":"own","namespace":"margay-system"},"type":"Opaque"},
             {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"own","namespace":"margay-system"},"rules":[
              {"apiGroups":[""],"resources":["secrets"],"resourceNames":["own"],"verbs":["get","update"]}]},
             {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"own","namespace":"margay-system"},
              "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"own"},"subjects":[{"kind":"User","name":"margay-api"}]},
             {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"own"},"rules":[
              {"apiGroups":["apiregistration.k8s.io"],"resources":["apiservices"],"resourceNames":["v3.own.example"],"verbs":["get","update"]}]},
             {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"own"},
              "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"own"},"subjects":[{"kind":"User","name":"margay-api"}]}]}
            """);
        try
        {
            await IsToldAsync();
        }
        finally
        {
            // While nobody answers for a group, kubectl finds fault with all it does.
            await Kubectl.Own(cluster).ExpectAsync("delete", "apiservice", "v3.own.example");
        }
    }

    private async Task IsToldAsync()
    {
        int port = Ports.Next();
        await using var server = new Running(
            Programs.Server, "aggregated", "--kubeconfig", cluster.Kubeconfig("margay-api"), "--listen", $"*:{port}", "--cert-dir", Path.Combine(cluster.Folder, "own-pki"),
            "--san", "margay-api.margay-system.svc", "--authority-secret", "margay-system/own", "--api-service", "v3.own.example");
        string bundle = "";
        await ControlPlane.UntilAsync(async () =>
        {
            bundle = await Kubectl.Own(cluster).ExpectAsync("get", "apiservice", "v3.own.example", "-o", "jsonpath={.spec.caBundle}");
            return bundle.Length > 0;
        }, server);
        foreach (string host in Socket.OSSupportsIPv6 ? (string[])["localhost", "127.0.0.1", "[::1]"] : ["localhost", "127.0.0.1"])
        {
            using HttpClient http = new KubeConnection
            {
                Server = new Uri($"https://{host}:{port}"), CertificateAuthority = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(bundle)),
            }.CreateHttpClient();
            // It registers its authority and begins to listen in any order.
            await ControlPlane.UntilAsync(async () =>
            {
                using HttpResponseMessage answer = await http.GetAsync("/livez", Stop);
                return answer.StatusCode == HttpStatusCode.OK;
            }, server);
        }
    }
}
