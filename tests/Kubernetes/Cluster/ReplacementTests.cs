using System.Net;
using System.Text.Json.Nodes;
using Margay.Lab.Processes;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>
/// A cluster whose pods another network has wired gets Margay in its place, by the steps and the values of docs/install/eks-anywhere.md;
/// the testbed's reference network stands where the page has Cilium.
/// </summary>
[Collection(Testbed.OneAtATime)]
public sealed class ReplacementTests(Testbed testbed)
{
    private static readonly string[] _nodes = ["n1", "n2"];

    // Of the cluster's pod network, as the page says: kube-proxy takes what comes from elsewhere for foreign and changes its source. The
    // reference network gives addresses of the first two /24 of it.
    private static readonly IPNetwork _pool = IPNetwork.Parse("10.244.128.0/17");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_network_gives_way_and_every_pod_starts_again_under_policy()
    {
        // The images are those that the cluster of the other tests runs.
        Assert.NotEmpty(testbed.Kubeconfig);
        await using var swap = await FurtherTestbed.UpAsync("swap", "--nodes", "2", "--cni", "bridge");
        await swap.LoadMargayAsync();
        await swap.ApplyAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "replaced.yaml"), Stop));
        foreach (string name in (string[])["server", "permitted", "forbidden"])
            await swap.KubectlAsync("-n", "moved", "rollout", "status", $"deployment/{name}", "--timeout=300s");
        // The network that is there knows no policy.
        await Until.FineAsync(() => TroubleAsync(swap, "forbidden"));

        await swap.ApplyDefinitionsAsync();
        foreach (string node in _nodes)
            await swap.RunAsync("exec", node, "rm", "-f", "/etc/cni/net.d/10-reference.conflist", "/opt/cni/bin/ptp", "/opt/cni/bin/host-local");
        await InstallAsync(swap);
        await swap.KubectlAsync("-n", "margay-system", "rollout", "status", "daemonset/margay-node", "--timeout=300s");
        await swap.KubectlAsync("wait", "node", "--all", "--for=condition=Ready", "--timeout=300s");
        foreach (var pod in await PodsOfTheNetworkAsync(swap))
            await swap.KubectlAsync("-n", Text(pod, "metadata", "namespace"), "delete", "pod", Text(pod, "metadata", "name"), "--ignore-not-found", "--wait=true", "--timeout=300s");

        foreach (string deployment in (string[])["moved/server", "moved/permitted", "moved/forbidden", "kube-system/kube-dns", "margay-system/margay-controllers", "margay-system/margay-api"])
            await swap.KubectlAsync("-n", deployment.Split('/')[0], "rollout", "status", $"deployment/{deployment.Split('/')[1]}", "--timeout=300s");
        Assert.All(await PodsOfTheNetworkAsync(swap), pod => Assert.True(_pool.Contains(IPAddress.Parse(Text(pod, "status", "podIP"))), pod["metadata"]!.ToJsonString()));
        await Until.FineAsync(() => TroubleAsync(swap, "permitted"));
        // Not refused and no unknown name, which would look alike: the packets get no answer. One that gets in is a failure at once.
        await Until.FineAsync(async () =>
        {
            string? trouble = await TroubleAsync(swap, "forbidden");
            Assert.NotNull(trouble);
            return trouble.Contains("TIMEOUT", StringComparison.Ordinal) ? null : trouble;
        });

        // The API server made its own certificate and told the cluster so.
        await swap.KubectlAsync("wait", "apiservice/v3.projectcalico.org", "--for=condition=Available", "--timeout=300s");
        Assert.Contains("default", await swap.KubectlAsync("get", "tiers.projectcalico.org", "-o", "name"), StringComparison.Ordinal);
    }

    private static async Task InstallAsync(FurtherTestbed swap)
    {
        string control = new Uri(await swap.KubectlAsync("config", "view", "-o", "jsonpath={.clusters[0].cluster.server}")).Host;
        string values = Path.Combine(AppContext.BaseDirectory, "replaced-values.yaml");
        await File.WriteAllTextAsync(values, $"""
            {ValuesOfThePage().Replace("CONTROL-PLANE-ADDRESS", control, StringComparison.Ordinal).Replace("192.168.0.0/16", _pool.ToString(), StringComparison.Ordinal)}
            apiServer: {"{"} enabled: true, replicas: 1, hostNetwork: true, tls: {"{"} mode: self {"}"} {"}"}
            """, Stop);
        string chart = await Command.RequireAsync(RepositoryFolder.In("eng", "helm-render.sh"), ["-n", "margay-system", "-f", values, RepositoryFolder.In("deploy", "helm", "margay")], Stop);
        await swap.KubectlAsync("create", "namespace", "margay-system");
        await swap.ApplyAsync(chart);
    }

    private static string ValuesOfThePage()
    {
        string page = File.ReadAllText(RepositoryFolder.In("docs", "install", "eks-anywhere.md"));
        int from = page.IndexOf("<<EOF\n", StringComparison.Ordinal) + 6;
        var lines = page[from..page.IndexOf("EOF\n", from, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join('\n', lines);
    }

    private static async Task<IReadOnlyList<JsonNode>> PodsOfTheNetworkAsync(FurtherTestbed swap)
    {
        var list = JsonNode.Parse(await swap.KubectlAsync("get", "pods", "-A", "-o", "json"))!;
        return [.. list["items"]!.AsArray().Where(pod => pod!["spec"]!["hostNetwork"]?.GetValue<bool>() != true).Select(pod => pod!)];
    }

    // By name, through the Service, which kube-proxy may program a moment after the pods are ready.
    private static async Task<string?> TroubleAsync(FurtherTestbed swap, string client)
    {
        var result = await swap.TryKubectlAsync("-n", "moved", "exec", $"deployment/{client}", "--", "/agnhost", "connect", "server.moved.svc.cluster.local:80", "--timeout=3s");
        return result.ExitCode == 0 ? null : $"{client}: {result.Error}{result.Output}";
    }

    private static string Text(JsonNode pod, string part, string field) => pod[part]![field]!.GetValue<string>();
}
