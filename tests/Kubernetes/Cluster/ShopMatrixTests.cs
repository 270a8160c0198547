using System.Net.Sockets;
using Margay.Lab.Api;
using Margay.Lab.Control;
using Margay.Lab.Matrix;
using Margay.Lab.Topology;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>The demo shop as Deployments on three nodes: who reaches whom, without its policies and with them.</summary>
[Collection(Testbed.OneAtATime)]
public sealed class ShopMatrixTests(Testbed testbed)
{
    private const int ProbesAtOnce = 64;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private static readonly string[] _policies = [.. Directory.EnumerateFiles(RepositoryFolder.In("deploy", "shop", "policies"), "*.yaml").Order(StringComparer.Ordinal)];

    // What deploy/shop/50-outside.yaml says; ./testbed shop makes these machines.
    private static readonly OutsideHost[] _outside =
    [
        new("payment-provider", ["203.0.113.10"], [], [8443]),
        new("cloud-metadata", ["169.254.169.254"], [], [80]),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_shop_stands_on_three_nodes_and_every_connection_is_as_policy_says()
    {
        await WithoutPoliciesAsync();
        var open = await MatrixAsync();
        Assert.True(open.All(cell => cell.Agrees), MatrixGrid.Render(open));
        Assert.True(open.All(cell => cell.Expected), MatrixGrid.Render(open));
        await ShopWorksAsync();

        foreach (string file in _policies) await testbed.KubectlAsync("apply", "-f", file);
        try
        {
            var closed = await MatrixAsync();
            string grid = MatrixGrid.Render(closed);
            TestContext.Current.SendDiagnosticMessage("{0}", grid);
            Assert.True(closed.All(cell => cell.Agrees), grid);
            Assert.Equal(open.Count, closed.Count);
            Assert.DoesNotContain(closed, cell => cell.Expected && cell.Source.Name.StartsWith("intruder", StringComparison.Ordinal));
            Assert.DoesNotContain(closed, cell => cell.Expected && cell.Target.Label.StartsWith("outside/cloud-metadata", StringComparison.Ordinal));
            Assert.Contains(closed, cell => cell.Expected && cell.Target.Label.StartsWith("outside/payment-provider", StringComparison.Ordinal));
            // Names, health probes by kubelet and every step of an order still work.
            await ShopWorksAsync();
        }
        finally
        {
            await WithoutPoliciesAsync();
        }
    }

    // A tier can go when it is empty: the files backwards.
    private async Task WithoutPoliciesAsync()
    {
        foreach (string file in _policies.Reverse()) await testbed.CleanUpAsync("delete", "-f", file, "--ignore-not-found", "--wait=true");
    }

    private async Task<IReadOnlyList<MatrixCell>> MatrixAsync()
    {
        IReadOnlyList<Resource> state = [];
        List<Pod> pods = [];
        // What has just been restarted, or was taken for dead while the control plane was away, is ready again in a while; the name server is a target, too.
        await Until.FineAsync(async () =>
        {
            state = await StateAsync();
            pods = [.. state.OfType<Pod>().Where(pod => IsOfTheShop(pod.Metadata.Namespace))];
            int ready = pods.Count(PodFacts.IsReady);
            bool names = state.OfType<Pod>().Any(pod => pod.Metadata is { Namespace: "kube-system", Labels: { } labels } && labels.GetValueOrDefault("k8s-app") == "kube-dns" && PodFacts.IsReady(pod));
            return ready == 12 && pods.Count == 12 && names ? null : $"{ready} of {pods.Count} pods of the shop are ready, kube-dns {(names ? "too" : "is not")}";
        });
        Assert.Equal(3, pods.Select(pod => pod.Spec.NodeName).Distinct().Count());
        var namespaces = PodProcesses.NetworkNamespaces();
        var sources = pods.Where(PodFacts.IsReady)
            .OrderBy(pod => pod.Metadata.Namespace, StringComparer.Ordinal).ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => new ProbeSource(pod.Metadata.Namespace!, pod.Metadata.Name!, namespaces[pod.Metadata.Uid!]))
            .ToList();
        var services = state.OfType<Service>().Where(service => IsOfTheShop(service.Metadata.Namespace) || service.Metadata is { Namespace: "kube-system", Name: "kube-dns" });
        using var prober = new TcpProber(_patience, ProbesAtOnce);
        return await new ConnectivityMatrix(prober).ObserveAsync(
            sources, MatrixPlan.Targets(services, [.. state.OfType<Pod>()], _outside, AddressFamily.InterNetwork), new Expectations(state), Stop);
    }

    private static bool IsOfTheShop(string? @namespace) => @namespace is "shop-web" or "shop-core" or "shop-data" or "shop-ops";

    /// <summary>What policy depends on. Kubernetes 1.20 has no EndpointSlices of version 1, and the shop's policies name no services.</summary>
    private async Task<IReadOnlyList<Resource>> StateAsync()
    {
        using var api = new LabApi(testbed.Kubeconfig);
        KindInfo[] kinds =
        [
            KindRegistry.Of<Namespace>(), KindRegistry.Of<ServiceAccount>(), KindRegistry.Of<Node>(), KindRegistry.Of<Pod>(), KindRegistry.Of<Service>(),
            KindRegistry.Of<Tier>(), KindRegistry.Of<NetworkPolicy>(), KindRegistry.Of<GlobalNetworkPolicy>(), KindRegistry.Of<KubeNetworkPolicy>(),
            KindRegistry.Of<NetworkSet>(), KindRegistry.Of<GlobalNetworkSet>(), KindRegistry.Of<IPPool>(), KindRegistry.Of<FelixConfiguration>(),
        ];
        var state = new List<Resource>();
        foreach (var kind in kinds) state.AddRange((await api.Store.ListAsync(kind, default, Stop)).Items);
        return state;
    }

    /// <summary>A new customer's last word is that the shop works: one speaks when that changes, so the old one's may be of another time.</summary>
    private async Task ShopWorksAsync()
    {
        await testbed.KubectlAsync("-n", "shop-ops", "delete", "pod", "-l", "app=load-generator", "--wait=true", "--timeout=300s");
        await testbed.KubectlAsync("-n", "shop-ops", "rollout", "status", "deployment/load-generator", "--timeout=300s");
        await Until.FineAsync(CustomersTroubleAsync);
    }

    private async Task<string?> CustomersTroubleAsync()
    {
        var answer = await testbed.TryKubectlAsync("-n", "shop-ops", "logs", "deployment/load-generator", "--tail=1");
        string log = (answer.ExitCode == 0 ? answer.Output : answer.Error).Trim();
        return log == "the shop works" ? null : $"The customer says: {log}";
    }
}
