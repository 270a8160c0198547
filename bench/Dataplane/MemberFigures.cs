using System.Collections.Immutable;
using System.Diagnostics;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Bench.Dataplane;

/// <summary>
/// One member added to and removed from a set that a policy uses: the driver, from the record to the kernel's
/// acknowledgement, against the bare netlink transaction with the same element, and against <c>nft add element</c>.
/// </summary>
internal static class MemberFigures
{
    private const string Space = "bench-member";
    private const int Operations = 2000;
    private const int ToolOperations = 20;

    public static async Task RunAsync(CancellationToken stop)
    {
        if (File.Exists("/run/netns/" + Space)) Shell.Run("ip", "netns", "del", Space);
        Shell.Run("ip", "netns", "add", Space);
        try
        {
            using var nft = KernelNftables.OpenIn("/run/netns/" + Space);
            using var dataplane = new NftablesDataplane(nft);
            var id = new IpSetId("s:bench");
            await dataplane.ApplyAsync(Records(id), stop);
            var table = nft.Read(NftablesDataplane.Table)!;
            var set = table.Sets.Values.Single(s => s.Elements.Count >= 10_000).Set;
            double driver = await DriverAsync(dataplane, id, stop);
            double bare = Bare(nft, set);
            driver = Math.Min(driver, await DriverAsync(dataplane, id, stop));
            bare = Math.Min(bare, Bare(nft, set));
            double tool = Tool(set.Name);
            Console.WriteLine($"one member of 10,000: driver {driver:F1} µs, bare netlink {bare:F1} µs, nft {tool / 1000:F1} ms (medians)");
            Console.WriteLine($"driver against bare netlink {driver / bare:F1}x, against nft add element 1/{tool / driver:F0}");
        }
        finally
        {
            Shell.Run("ip", "netns", "del", Space);
        }
    }

    private static List<DataplaneUpdate> Records(IpSetId id)
    {
        var policy = new PolicyId(PolicyKind.GlobalNetworkPolicy, "", "bench");
        var rule = new PolicyRule
        {
            Id = new RuleId("default", policy, PolicyDirection.Ingress, 0), Action = RuleAction.Allow, Source = new EntityMatch { IpSets = [id] },
        };
        return
        [
            new IpSetUpdate(id, IpSetKind.Net, [.. Enumerable.Range(0, 10_000).Select(i => Member((uint)(0x0a00_0000 + i * 2)))]),
            new PolicyUpdate(policy, "default", [rule], []),
            new WorkloadEndpointUpdate
            {
                Id = new EndpointId("bench", "pod", "eth0"), HostInterface = "calibench", Addresses = [IpAddr.Parse("10.99.0.1")],
                IngressTiers = [new TierBinding("default", TierDefaultAction.Deny, [policy])],
            },
            new InSync(),
        ];
    }

    private static IpSetMember Member(uint address) => new(IpAddr.FromV4(address).ToPrefix());

    private static async Task<double> DriverAsync(NftablesDataplane dataplane, IpSetId id, CancellationToken stop)
    {
        ImmutableArray<IpSetMember> member = [Member(0xac10_0001)];
        DataplaneUpdate[] add = [new IpSetDelta(id, member, [])], remove = [new IpSetDelta(id, [], member)];
        var times = new List<long>(Operations);
        for (int i = 0; i < Operations; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await dataplane.ApplyAsync(i % 2 == 0 ? add : remove, stop);
            times.Add(Stopwatch.GetTimestamp() - began);
        }
        return Median(times);
    }

    private static double Bare(KernelNftables nft, NftSet set)
    {
        ImmutableArray<NftElement> element = [new NftElement(new NftValue([172, 16, 0, 1]), set.Interval ? new NftValue([172, 16, 0, 2]) : default)];
        var times = new List<long>(Operations);
        for (int i = 0; i < Operations; i++)
        {
            var transaction = new NftTransaction(NftablesDataplane.Table);
            if (i % 2 == 0) transaction.AddElements(set, element);
            else transaction.DeleteElements(set, element);
            long began = Stopwatch.GetTimestamp();
            nft.Commit(transaction);
            times.Add(Stopwatch.GetTimestamp() - began);
        }
        return Median(times);
    }

    private static double Tool(string set)
    {
        var times = new List<long>();
        for (int i = 0; i < ToolOperations; i++)
        {
            long began = Stopwatch.GetTimestamp();
            Shell.Run("ip", "netns", "exec", Space, "nft", i % 2 == 0 ? "add" : "delete", "element", "inet", "margay", set, "{", "172.16.0.1", "}");
            times.Add(Stopwatch.GetTimestamp() - began);
        }
        return Median(times);
    }

    private static double Median(List<long> times)
    {
        times.Sort();
        return times[times.Count / 2] * 1e6 / Stopwatch.Frequency;
    }
}
