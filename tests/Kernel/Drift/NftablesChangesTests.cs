using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables;
using Margay.Foundation.Primitives;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Netlink;
using Margay.Linux.Nftables;
using Margay.Node.Drift;
using Xunit;
using static Margay.Kernel.Tests.Harness.Records;

namespace Margay.Kernel.Tests.Drift;

/// <summary>Whose change of the table it was.</summary>
public sealed class NftablesChangesTests : IDisposable
{
    private readonly TestNamespace _ns = new("drift");
    private readonly NetlinkSocket _writer;
    private readonly NetlinkSocket _listener;
    private readonly NftablesChanges _changes;

    public NftablesChangesTests()
    {
        _listener = NftablesChanges.Open(_ns.Path);
        _writer = NetlinkSocket.OpenIn(_ns.Path, NetlinkProtocol.NETLINK_NETFILTER);
        _changes = new NftablesChanges(NftablesDataplane.Table.Name, _writer.Port);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Own_writes_are_told_from_those_of_others_by_whichever_thread_that_may_have_ended()
    {
        using var dataplane = new NftablesDataplane(new KernelNftables(_writer));
        OnThread(() => Apply(dataplane, new NodeSettings(), NetSet("s:clients", "10.65.0.1/32"), OpenProfile, new InSync()));
        for (byte i = 2; i < 12; i++)
        {
            var member = new IpSetMember(IpPrefix.Parse($"10.65.0.{i}/32"));
            OnThread(() => Apply(dataplane, new IpSetDelta(new("s:clients"), [member], [])));
            OnThread(() => Apply(dataplane, new IpSetDelta(new("s:clients"), [], [member])));
        }
        Assert.True(Drain() > 20);
        Assert.False(_changes.TakeForeign());
    }

    [Theory]
    [InlineData("add chain inet margay mine; add rule inet margay mine accept")]
    [InlineData("delete table inet margay")]
    [InlineData("flush ruleset")]
    public void A_change_by_another_program_is_one(string change)
    {
        using var dataplane = new NftablesDataplane(new KernelNftables(_writer));
        Apply(dataplane, new NodeSettings(), NetSet("s:clients", "10.65.0.1/32"), OpenProfile, new InSync());
        _ns.Exec("nft", "add table inet other");
        Drain();
        Assert.False(_changes.TakeForeign());
        // In one batch with a table of its own: every message says which table it is about.
        _ns.Exec("nft", $"{change}; add table inet other");
        Drain();
        Assert.True(_changes.TakeForeign());
        Assert.False(_changes.TakeForeign());
    }

    public void Dispose()
    {
        _listener.Dispose();
        _writer.Dispose();
        _ns.Dispose();
    }

    // The kernel has queued a change's notifications before the change is answered.
    private int Drain()
    {
        int heard = 0;
        while (_listener.Receive(_changes.Read, TimeSpan.Zero)) heard++;
        return heard;
    }

    private static void Apply(NftablesDataplane dataplane, params DataplaneUpdate[] updates) => dataplane.ApplyAsync(updates, Stop).AsTask().GetAwaiter().GetResult();

    private static void OnThread(Action work)
    {
        var thread = new Thread(() => work());
        thread.Start();
        thread.Join();
    }
}
