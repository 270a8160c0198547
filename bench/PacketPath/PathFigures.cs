using Margay.Dataplane.Nftables;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;
using Margay.Model.Resources;
using Margay.Policy.Graph;

namespace Margay.Bench.PacketPath;

/// <summary>
/// What policy costs a packet: transactions between two pods through the whole path from resources to rules, against the
/// same path with no rule, interleaved; and 1,000 policies on the endpoint against 10. The flow matches the last policy.
/// </summary>
internal static class PathFigures
{
    private const int Rounds = 5;

    public static async Task RunAsync(CancellationToken stop)
    {
        using var scene = new Scene("bench");
        scene.StartServer();
        scene.Measure(true, 2);
        var few = await RatiosAsync(scene, 10, stop);
        var many = await RatiosAsync(scene, 1000, stop);
        Console.WriteLine($"{"policies",-10}{"RR µs",8}{"no rule",9}{"ratio",7}{"CRR µs",9}{"no rule",9}{"ratio",7}");
        Print(10, few);
        Print(1000, many);
        Console.WriteLine($"1,000 policies against 10: RR {many.Rr / few.Rr:F3}, CRR {many.Crr / few.Crr:F3}; by ratio RR {many.RrRatio / few.RrRatio:F3}, CRR {many.CrrRatio / few.CrrRatio:F3}");
    }

    private static void Print(int policies, Result r) =>
        Console.WriteLine($"{policies,-10}{r.Rr,8:F2}{r.RrBase,9:F2}{r.RrRatio,7:F3}{r.Crr,9:F2}{r.CrrBase,9:F2}{r.CrrRatio,7:F3}");

    private static async Task<Result> RatiosAsync(Scene scene, int policies, CancellationToken stop)
    {
        var rounds = new List<(double Rr, double RrBase, double Crr, double CrrBase)>();
        for (int round = 0; round < Rounds; round++)
        {
            // None, ours, ours, none: what drifts, drifts for both.
            double rr0 = scene.Measure(false), crr0 = scene.Measure(true);
            await ProgramAsync(scene, policies, stop);
            double rr1 = scene.Measure(false), crr1 = scene.Measure(true), rr2 = scene.Measure(false), crr2 = scene.Measure(true);
            Shell.Run("ip", "netns", "exec", scene.Node, "nft", "delete", "table", "inet", "margay");
            double rr3 = scene.Measure(false), crr3 = scene.Measure(true);
            rounds.Add(((rr1 + rr2) / 2, (rr0 + rr3) / 2, (crr1 + crr2) / 2, (crr0 + crr3) / 2));
        }
        return new Result(
            Median(rounds.Select(r => r.Rr)), Median(rounds.Select(r => r.RrBase)), Median(rounds.Select(r => r.Rr / r.RrBase)),
            Median(rounds.Select(r => r.Crr)), Median(rounds.Select(r => r.CrrBase)), Median(rounds.Select(r => r.Crr / r.CrrBase)));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static async Task ProgramAsync(Scene scene, int policies, CancellationToken stop)
    {
        var graph = new PolicyGraph("bench");
        foreach (var resource in Resources(policies)) graph.Apply(new ResourceUpdate(resource.Key, resource));
        graph.SetLocalEndpoint(new LocalEndpoint("bench", "client", Scene.ClientInterface, [IpAddr.Parse(Scene.ClientAddress)]));
        graph.SetLocalEndpoint(new LocalEndpoint("bench", "server", Scene.ServerInterface, [IpAddr.Parse(Scene.ServerAddress)]));
        graph.MarkInSync();
        using var nft = KernelNftables.OpenIn("/run/netns/" + scene.Node);
        using var dataplane = new NftablesDataplane(nft);
        await dataplane.ApplyAsync(graph.Drain(), stop);
    }

    /// <summary>Every policy selects the server and allows one client on the port; the client of the probe is that of the last.</summary>
    private static IEnumerable<Resource> Resources(int policies)
    {
        yield return new Namespace { Metadata = { Name = "bench" } };
        yield return new Tier { Metadata = { Name = "default" }, Spec = { Order = 1_000_000, DefaultAction = "Deny" } };
        yield return Pod("server", "server", Scene.ServerAddress);
        yield return Pod("client", $"client-{policies - 1}", Scene.ClientAddress);
        for (int i = 0; i < policies; i++)
        {
            yield return Pod($"other-{i}", $"client-{i}", $"10.78.{i >> 8}.{i & 255}");
            yield return new GlobalNetworkPolicy
            {
                Metadata = { Name = $"allow-{i:D4}" },
                Spec =
                {
                    Tier = "default",
                    Order = i,
                    Selector = "app == 'server'",
                    Types = ["Ingress"],
                    Ingress = [new Rule { Action = "Allow", Protocol = Protocol.Parse("TCP"), Source = new() { Selector = $"app == 'client-{i}'" }, Destination = new() { Ports = [PolicyPort.Parse("8080")] } }],
                },
            };
        }
    }

    private static Pod Pod(string name, string app, string address) => new()
    {
        Metadata = { Name = name, Namespace = "bench", Labels = new() { ["app"] = app } },
        Spec = { NodeName = "bench" },
        Status = new PodStatus { Phase = "Running", PodIP = address, PodIPs = [new() { Ip = address }] },
    };

    private sealed record Result(double Rr, double RrBase, double RrRatio, double Crr, double CrrBase, double CrrRatio);
}
