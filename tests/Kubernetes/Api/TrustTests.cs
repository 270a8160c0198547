using System.Net;
using System.Text.Json.Nodes;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>Who is believed, and what they may do.</summary>
[Collection(ControlPlane.OneAtATime)]
public sealed class TrustTests(ControlPlane cluster)
{
    private const string Tiers = "/apis/projectcalico.org/v3/tiers";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Headers_are_believed_from_the_clusters_server_alone()
    {
        Assert.Equal(HttpStatusCode.OK, await AskAsync(cluster.FrontProxy.Make("front-proxy-client"), "admin", "system:masters"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null, "admin", "system:masters"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(cluster.FrontProxy.Make("somebody-else"), "admin", "system:masters"));
        // Known as itself, and the headers count for nothing.
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(cluster.Cluster.Make("front-proxy-client"), "admin", "system:masters"));
    }

    [Fact]
    public async Task Health_is_told_to_anybody_and_nothing_else_is()
    {
        using HttpClient http = cluster.Client(null);
        foreach (string path in (string[])["/livez", "/readyz", "/healthz"]) Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path, Stop)).StatusCode);
        foreach (string path in (string[])[Tiers, "/apis", "/openapi/v2", "/metrics"]) Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(path, Stop)).StatusCode);
    }

    [Fact]
    public async Task A_token_of_the_cluster_is_a_users()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await TokenAsync("token-of-eve"));
        Assert.Equal(HttpStatusCode.Unauthorized, await TokenAsync("made-up"));
    }

    [Fact]
    public async Task Roles_of_the_cluster_decide()
    {
        var developer = new Kubectl(Programs.Kubectls[0], cluster.Kubeconfig("ann", "writers"), cluster.Folder);
        Assert.Contains("Forbidden", (await developer.RunAsync("get", "ippools.projectcalico.org")).Errors, StringComparison.Ordinal);
        await cluster.ApplyAsync("""
            {"apiVersion":"v1","kind":"List","items":[
             {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"pool-readers"},"rules":[{"apiGroups":["projectcalico.org"],"resources":["ippools"],"verbs":["get","list"]}]},
             {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"pool-readers"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"pool-readers"},"subjects":[{"kind":"Group","name":"writers"}]}]}
            """);
        await ControlPlane.UntilAsync(async () => (await developer.RunAsync("get", "ippools.projectcalico.org")).Code == 0, () => "the role does not count");
        Assert.Contains("Forbidden", (await developer.RunAsync("delete", "ippools.projectcalico.org", "any")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rights_by_tier_are_the_clusters_roles_too()
    {
        var owner = Kubectl.Own(cluster);
        await owner.ExpectInputAsync("""
            {"apiVersion":"v1","kind":"List","items":[
             {"apiVersion":"projectcalico.org/v3","kind":"Tier","metadata":{"name":"security"},"spec":{"order":100} },
             {"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkPolicy","metadata":{"name":"in-security"},"spec":{"tier":"security","selector":"all()"} },
             {"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkPolicy","metadata":{"name":"in-default"},"spec":{"selector":"all()"} }]}
            """, "apply", "-f", "-");
        await cluster.ApplyAsync("""
            {"apiVersion":"v1","kind":"List","items":[
             {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"security-tier"},"rules":[
              {"apiGroups":["projectcalico.org"],"resources":["tiers"],"resourceNames":["security"],"verbs":["get"]},
              {"apiGroups":["projectcalico.org"],"resources":["tier.globalnetworkpolicies"],"resourceNames":["security.*"],"verbs":["*"]}]},
             {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRoleBinding","metadata":{"name":"security-tier"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"security-tier"},"subjects":[{"kind":"Group","name":"security-team"}]}]}
            """);
        var member = new Kubectl(Programs.Kubectls[0], cluster.Kubeconfig("sue", "security-team"), cluster.Folder);
        await ControlPlane.UntilAsync(async () => (await member.RunAsync("get", "globalnetworkpolicies.projectcalico.org", "in-security")).Code == 0, () => "the role does not count");
        string list = await member.ExpectAsync("get", "globalnetworkpolicies.projectcalico.org", "-o", "name");
        Assert.Contains("in-security", list, StringComparison.Ordinal);
        Assert.DoesNotContain("in-default", list, StringComparison.Ordinal);
        Assert.Contains("Forbidden", (await member.RunAsync("delete", "globalnetworkpolicies.projectcalico.org", "in-default")).Errors, StringComparison.Ordinal);
        await member.ExpectAsync("delete", "globalnetworkpolicies.projectcalico.org", "in-security");
        var stranger = new Kubectl(Programs.Kubectls[0], cluster.Developer, cluster.Folder);
        Assert.Contains("Forbidden", (await stranger.RunAsync("get", "globalnetworkpolicies.projectcalico.org")).Errors, StringComparison.Ordinal);
    }

    /// <summary>It watches every kind and, while one is refused, deletes nothing in the whole cluster: no pod of a Deployment that is gone.</summary>
    [Fact]
    public async Task The_clusters_garbage_collector_may_list_and_watch_every_kind()
    {
        var collector = new Kubectl(Programs.Kubectls[0], cluster.Kubeconfig("system:kube-controller-manager"), cluster.Folder);
        string kinds = await Kubectl.Own(cluster).ExpectAsync("api-resources", "--api-group=projectcalico.org", "--verbs=list,watch,delete", "-o", "name");
        string[] names = kinds.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("networkpolicies.projectcalico.org", names);
        foreach (string kind in names)
        {
            KubectlResult last = default;
            await ControlPlane.UntilAsync(async () => (last = await collector.RunAsync("get", kind, "-A")).Code == 0, () => $"{kind} is refused: {last.Errors}");
            await collector.ExpectAsync("get", "--raw", $"/apis/projectcalico.org/v3/{kind[..kind.IndexOf('.', StringComparison.Ordinal)]}?watch=true&timeoutSeconds=1");
        }
    }

    [Fact]
    public async Task Requests_are_noted_with_the_clusters_identifier_and_who_decided()
    {
        using HttpClient http = cluster.Client(cluster.FrontProxy.Make("front-proxy-client"));
        using var request = new HttpRequestMessage(HttpMethod.Get, Tiers + "/default");
        request.Headers.Add("X-Remote-User", "auditor");
        request.Headers.Add("Audit-ID", "0a1b2c3d");
        using HttpResponseMessage answer = await http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("0a1b2c3d", answer.Headers.GetValues("Audit-ID").Single());
        JsonNode? line = null;
        await ControlPlane.UntilAsync(async () =>
        {
            await using var file = new FileStream(cluster.AuditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            string? found = (await reader.ReadToEndAsync(Stop)).Split('\n').FirstOrDefault(l => l.Contains("0a1b2c3d", StringComparison.Ordinal) && l.EndsWith('}'));
            line = found is null ? null : JsonNode.Parse(found);
            return line is not null;
        }, () => cluster.Margay.Output);
        Assert.Equal(("auditor", "get", 403), (line!["user"]!["username"]!.ToString(), line["verb"]!.ToString(), line["responseStatus"]!["code"]!.GetValue<int>()));
        Assert.Equal("forbid", line["annotations"]!["authorization.k8s.io/decision"]!.ToString());
    }

    private async Task<HttpStatusCode> AskAsync((string, string)? identity, string user, string group)
    {
        using HttpClient http = cluster.Client(identity);
        using var request = new HttpRequestMessage(HttpMethod.Get, Tiers);
        request.Headers.Add("X-Remote-User", user);
        request.Headers.Add("X-Remote-Group", group);
        using HttpResponseMessage answer = await http.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> TokenAsync(string token)
    {
        using HttpClient http = cluster.Client(null, token);
        using HttpResponseMessage answer = await http.GetAsync(Tiers, Stop);
        return answer.StatusCode;
    }
}
