using System.Net;
using System.Net.Sockets;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Namespaces;
using Margay.Linux.Nftables;
using Xunit;
using static Margay.Kernel.Tests.Harness.Records;

namespace Margay.Kernel.Tests.Nftables;

/// <summary>While packets flow, edits and restarts let nothing forbidden through and cut nothing permitted.</summary>
public sealed class TrafficTests
{
    private const byte Tcp = 6;
    private const int Edits = 100;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_survives_edits_restarts_and_resyncs()
    {
        using var lab = new PodLab("a", "b");
        using var nft = KernelNftables.OpenIn(lab.Node.Namespace.Path);
        DataplaneUpdate[] world = [OpenProfile, Variant(0), Endpoint(lab, "a"), Endpoint(lab, "b", ingress: [Tier("p")]), new InSync()];
        using var dataplane = new NftablesDataplane(nft);
        await dataplane.ApplyAsync(world, Stop);
        using var pair = await ConnectedPair.OpenAsync(lab, "a", "b", 80, Stop);

        for (int i = 1; i <= 20; i++)
        {
            await dataplane.ApplyAsync([Variant(i)], Stop);
            Assert.True(await pair.PingAsync(Stop));
        }
        using var restarted = new NftablesDataplane(nft);
        await restarted.ApplyAsync(world, Stop);
        Assert.True(await pair.PingAsync(Stop));
        lab.Node.Namespace.Exec("nft", "flush", "chain", "inet", "margay", "in/gnp/p");
        await restarted.ResyncAsync(Stop);
        Assert.True(await pair.PingAsync(Stop));
        // One may come of a machine that stood still for a moment.
        Assert.InRange(pair.Retransmissions, 0u, 1u);
    }

    [Fact]
    public async Task A_flood_of_forbidden_packets_never_gets_through_while_everything_is_edited()
    {
        using var lab = new PodLab("a", "b");
        using var nft = KernelNftables.OpenIn(lab.Node.Namespace.Path);
        using var dataplane = new NftablesDataplane(nft);
        var pod = Endpoint(lab, "b", ingress: [Tier("p")]);
        await dataplane.ApplyAsync([OpenProfile, Variant(0), Endpoint(lab, "a"), pod, new InSync()], Stop);
        using var receiver = Open(lab, "b");
        receiver.Bind(new IPEndPoint(lab["b"].V4.ToIPAddress(), 999));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var flood = Task.Run(() => Flood(lab, end.Token), Stop);

        try
        {
            for (int i = 1; i <= Edits; i++)
            {
                // The policy, the binding, the endpoint as a whole, and the driver itself change in turn.
                await dataplane.ApplyAsync([Variant(i)], Stop);
                await dataplane.ApplyAsync([pod with { IngressTiers = [Tier("p"), Tier($"t{i}", TierDefaultAction.Pass, "p")] }], Stop);
                await dataplane.ApplyAsync([new WorkloadEndpointRemove(pod.Id)], Stop);
                await dataplane.ApplyAsync([pod], Stop);
                using var restarted = new NftablesDataplane(nft);
                await restarted.ApplyAsync([OpenProfile, Variant(i), Endpoint(lab, "a"), pod, new InSync()], Stop);
            }
        }
        finally
        {
            await end.CancelAsync();
        }
        long sent = await flood;

        Assert.True(sent > Edits, $"only {sent} packets were sent");
        Assert.Equal(0, receiver.Available);
    }

    // Always port 80, and each time another one that nobody uses.
    private static PolicyUpdate Variant(int i) =>
        GlobalPolicy("p", ingress: [Rule(RuleAction.Allow, Tcp, destination: Ports((ushort)(10000 + i))), Rule(RuleAction.Allow, Tcp, destination: Ports(80))]);

    // A new source port each time: no packet rides on what connection tracking knows.
    private static long Flood(PodLab lab, CancellationToken end)
    {
        long sent = 0;
        var target = new IPEndPoint(lab["b"].V4.ToIPAddress(), 999);
        var sockets = NetworkNamespace.Run(lab["a"].Namespace.Path, () => Enumerable.Range(0, 256).Select(_ => Open(lab, null)).ToArray());
        while (!end.IsCancellationRequested)
        {
            sockets[sent % sockets.Length].SendTo([1], target);
            sent++;
        }
        foreach (var socket in sockets) socket.Dispose();
        return sent;
    }

    private static Socket Open(PodLab lab, string? host) => host is null
        ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        : NetworkNamespace.Run(lab[host].Namespace.Path, static () => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
}
