using System.Globalization;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Graph;

namespace Margay.Bench.Policy.Graph;

/// <summary>
/// 10,000 network sets of 1 to 1,000 prefixes, each selected by a policy of its own, from resources to records; against a loop
/// that only reads the prefixes into a flat list. Both begin with texts, as the API has them.
/// </summary>
internal static class NetworkSetFigures
{
    private static readonly int[] Sizes = [1, 1, 1, 1, 2, 3, 4, 5, 100, 1000];

    public static void Run()
    {
        var sets = new List<GlobalNetworkSet>();
        var policies = new List<GlobalNetworkPolicy>();
        uint next = 0x0a00_0001;
        for (int i = 0; i < 10_000; i++)
        {
            string name = $"network-set-{i}";
            sets.Add(new GlobalNetworkSet
            {
                Metadata = new() { Name = name, Labels = new() { ["network-set-name"] = name } },
                Spec = new() { Nets = [.. Enumerable.Range(0, Sizes[i % Sizes.Length]).Select(_ => $"{IpAddr.FromV4(next++)}/32")] },
            });
            policies.Add(new GlobalNetworkPolicy
            {
                Metadata = new() { Name = $"policy-{i}" },
                Spec = new() { Selector = "all()", Ingress = [new Rule { Action = PolicyAction.Allow, Source = new() { Selector = $"network-set-name == '{name}'" } }] },
            });
        }
        var (graphWall, graphCpu) = Measure.Time(() => Feed(sets, policies));
        var (readWall, readCpu) = Measure.Time(() => Read(sets));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"10,000 network sets: {graphWall:F0} ms ({graphCpu:F0} ms of processor), reading their prefixes {readWall:F0} ms ({readCpu:F0} ms), ratio {graphCpu / readCpu:F2}"));
    }

    private static void Feed(List<GlobalNetworkSet> sets, List<GlobalNetworkPolicy> policies)
    {
        var graph = new PolicyGraph("localhost");
        foreach (var policy in policies) graph.Apply(new ResourceUpdate(policy.Key, policy));
        graph.SetWorkload("default", "pod", [], [IpAddr.Parse("10.255.0.1")]);
        graph.SetLocalEndpoint(new LocalEndpoint("default", "pod", "cali0", [IpAddr.Parse("10.255.0.1")]));
        foreach (var set in sets) graph.Apply(new ResourceUpdate(set.Key, set));
        graph.MarkInSync();
        GC.KeepAlive(graph.Drain());
    }

    private static void Read(List<GlobalNetworkSet> sets)
    {
        var all = new List<IpPrefix>();
        foreach (var set in sets)
            foreach (string text in set.Spec.Nets!)
                if (IpPrefix.TryParse(text, out var prefix)) all.Add(prefix);
        GC.KeepAlive(all);
    }
}
