using System.Collections.Immutable;
using System.Net;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Netlink;
using Margay.Linux.Nftables;
using Margay.Linux.Syscalls;
using Xunit;

namespace Margay.Kernel.Tests.Nftables;

/// <summary>What is written reads back as the same, and the nft program understands it.</summary>
public sealed class CodecTests
{
    private static readonly NftTableId Table = new(NftFamily.Inet, "codec");

    public static ImmutableArray<NftRule> EveryExpression { get; } =
    [
        new([new NftCt(), new NftBitwise(NftValue.HostU32(6), NftValue.HostU32(0)), new NftCmp(NftCmpOp.NotEqual, NftValue.HostU32(0)), new NftCounter(), new NftImmediate(NftVerdict.Accept)], "established"),
        new([new NftMeta(NftMetaKey.InputName), new NftCmp(NftCmpOp.Equal, NftValue.NamePrefix("cali")), new NftCounter(), new NftImmediate(NftVerdict.Drop)]),
        new([new NftMeta(NftMetaKey.OutputName), new NftCmp(NftCmpOp.NotEqual, NftValue.InterfaceName("eth0")), new NftReject()]),
        new([new NftMeta(NftMetaKey.NfProto), new NftCmp(NftCmpOp.Equal, NftValue.U8(2)), new NftPayload(NftPayloadBase.Network, 12, 4), new NftLookup("a4"), new NftImmediate(NftVerdict.Jump("sub"))], "np:shop/a"),
        new([new NftMeta(NftMetaKey.NfProto), new NftCmp(NftCmpOp.Equal, NftValue.U8(2)), new NftPayload(NftPayloadBase.Network, 12, 4), new NftLookup("n4", Inverted: true), new NftCounter()]),
        new([new NftMeta(NftMetaKey.NfProto), new NftCmp(NftCmpOp.Equal, NftValue.U8(10)), new NftPayload(NftPayloadBase.Network, 24, 16), new NftMeta(NftMetaKey.L4Proto, 12), new NftPayload(NftPayloadBase.Transport, 2, 2, 13), new NftLookup("p6"), new NftCounter()]),
        new([new NftMeta(NftMetaKey.L4Proto), new NftPayload(NftPayloadBase.Transport, 2, 2, 9), new NftLookup("ports"), new NftCounter()]),
        new([new NftMeta(NftMetaKey.L4Proto), new NftCmp(NftCmpOp.Equal, NftValue.U8(6)), new NftPayload(NftPayloadBase.Transport, 2, 2), new NftRange(true, NftValue.U16(80), NftValue.U16(90)), new NftLog("calico-packet: ")]),
        new([new NftPayload(NftPayloadBase.Network, 16, 4), new NftBitwise(V4("255.0.0.0"), V4("0.0.0.0")), new NftCmp(NftCmpOp.Equal, V4("10.0.0.0")), new NftCounter()]),
        new([new NftMeta(NftMetaKey.Mark), new NftBitwise(NftValue.HostU32(0xfffeffff), NftValue.HostU32(0x10000)), new NftMetaSet(NftMetaKey.Mark), new NftImmediate(NftVerdict.Return)]),
        new([new NftMeta(NftMetaKey.InputName), new NftLookup("dispatch", IsVerdictMap: true)]),
    ];

    [Fact]
    public void Everything_written_reads_back_equal()
    {
        using var ns = new TestNamespace();
        using var nft = KernelNftables.OpenIn(ns.Path);
        var transaction = Everything();

        nft.Commit(transaction);
        var state = nft.Read(Table)!;

        Assert.Equal(EveryExpression, state.Chains["main"].Rules);
        Assert.Equal(new NftChain("main", new NftHook("filter", NftHookPoint.Forward, 0), "all of them"), state.Chains["main"].Chain);
        Assert.Equal([new NftRule([new NftMasquerade(NftMasquerade.FullyRandom)])], state.Chains["nat"].Rules);
        foreach (var add in transaction.Operations.OfType<NftAddSet>()) Assert.Equal(add.Set, state.Sets[add.Set.Name].Set);
        foreach (var add in transaction.Operations.OfType<NftAddElements>())
            Assert.Equal(add.Elements.ToHashSet(), state.Sets[add.Set.Name].Elements.ToHashSet());
        Assert.Equal(EveryExpression, nft.ReadRules(Table, "main"));
        Assert.Empty(nft.ReadRules(Table, "other"));
        Assert.Null(nft.Read(new NftTableId(NftFamily.Inet, "other")));
    }

    [Fact]
    public void The_nft_program_prints_what_was_meant()
    {
        using var ns = new TestNamespace();
        using var nft = KernelNftables.OpenIn(ns.Path);
        nft.Commit(Everything());

        string text = ns.Exec("nft", "list", "ruleset");

        Assert.Contains("ct state established,related counter packets 0 bytes 0 accept comment \"established\"", text, StringComparison.Ordinal);
        Assert.Contains("iifname \"cali*\" counter", text, StringComparison.Ordinal);
        Assert.Contains("ip saddr @a4 jump sub comment \"np:shop/a\"", text, StringComparison.Ordinal);
        Assert.Contains("ip6 daddr . meta l4proto . th dport @p6", text, StringComparison.Ordinal);
        Assert.Contains("elements = { 10.1.0.0/16, 192.168.0.0-192.168.0.9,", text, StringComparison.Ordinal);
        Assert.Contains("elements = { tcp . 80-90,", text, StringComparison.Ordinal);
        Assert.Contains("\"cali1\" : goto sub", text, StringComparison.Ordinal);
        Assert.Contains("comment \"all of them\"", text, StringComparison.Ordinal);
        Assert.Contains("masquerade fully-random", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_transaction_changes_nothing_and_names_its_operation()
    {
        using var ns = new TestNamespace();
        using var nft = KernelNftables.OpenIn(ns.Path);
        nft.Commit(Everything());
        uint before = nft.ReadGeneration();
        var transaction = new NftTransaction(Table);
        transaction.Add(new NftAddChain(new NftChain("extra")));
        transaction.Add(new NftDeleteChain("sub"));

        var refusal = Assert.Throws<NetlinkException>(() => nft.Commit(transaction));

        Assert.Equal(Errno.EBUSY, refusal.Errno);
        Assert.Equal(1, refusal.MessageIndex);
        Assert.Contains("delete chain inet codec sub", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, nft.ReadGeneration());
        Assert.False(nft.Read(Table)!.Chains.ContainsKey("extra"));
    }

    [Fact]
    public void A_batch_of_a_hundred_thousand_elements_fits()
    {
        using var ns = new TestNamespace();
        using var nft = KernelNftables.OpenIn(ns.Path);
        var set = new NftSet("big", NftType.Ipv4Address);
        var transaction = new NftTransaction(Table);
        transaction.Add(new NftAddTable());
        transaction.Add(new NftAddSet(set));
        transaction.AddElements(set, [.. Enumerable.Range(0, 100_000).Select(i => new NftElement(NftValue.HostU32((uint)i)))]);

        nft.Commit(transaction);

        Assert.Equal(100_000, nft.Read(Table)!.Sets["big"].Elements.Count);
    }

    [Fact]
    public void A_range_may_be_replaced_by_one_that_overlaps_it_in_one_transaction()
    {
        using var ns = new TestNamespace();
        using var nft = KernelNftables.OpenIn(ns.Path);
        nft.Commit(Everything());
        var set = new NftSet("n4", NftType.Ipv4Address) { Interval = true };
        var transaction = new NftTransaction(Table);
        transaction.DeleteElements(set, [new(V4("10.1.0.0"), V4("10.1.255.255")), new(V4("192.168.0.10"), V4("192.168.0.11"))]);
        transaction.AddElements(set, [new(V4("10.1.0.0"), V4("10.1.0.255")), new(V4("192.168.0.10"), V4("192.168.0.10"))]);

        nft.Commit(transaction);

        Assert.Equal(
            [new(V4("10.1.0.0"), V4("10.1.0.255")), new(V4("192.168.0.0"), V4("192.168.0.9")), new(V4("192.168.0.10"), V4("192.168.0.10")), new(V4("255.0.0.0"), V4("255.255.255.255"))],
            nft.Read(Table)!.Sets["n4"].Elements);
    }

    private static NftTransaction Everything()
    {
        var addresses = new NftSet("a4", NftType.Ipv4Address) { Comment = "addresses" };
        var nets = new NftSet("n4", NftType.Ipv4Address) { Interval = true };
        var named = new NftSet("p6", NftType.Ipv6Address, NftType.InetProtocol, NftType.InetService);
        var ports = new NftSet("ports", NftType.InetProtocol, NftType.InetService) { Interval = true };
        var dispatch = new NftSet("dispatch", NftType.InterfaceName) { VerdictMap = true };
        var transaction = new NftTransaction(Table);
        transaction.Add(new NftAddTable());
        transaction.Add(new NftAddChain(new NftChain("sub")));
        transaction.Add(new NftAddChain(new NftChain("main", new NftHook("filter", NftHookPoint.Forward, 0), "all of them")));
        transaction.Add(new NftAddChain(new NftChain("nat", new NftHook("nat", NftHookPoint.Postrouting, 100))));
        foreach (var set in new[] { addresses, nets, named, ports, dispatch }) transaction.Add(new NftAddSet(set));
        transaction.AddElements(addresses, [new(V4("10.0.0.1")), new(V4("10.0.0.2"))]);
        transaction.AddElements(nets,
        [
            new(V4("10.1.0.0"), V4("10.1.255.255")),
            new(V4("192.168.0.0"), V4("192.168.0.9")),
            new(V4("192.168.0.10"), V4("192.168.0.11")),
            new(V4("255.0.0.0"), V4("255.255.255.255")),
        ]);
        transaction.AddElements(named, [new(NftValue.Concat(V6("fd00::1"), NftValue.U8(6), NftValue.U16(443)))]);
        transaction.AddElements(ports,
        [
            new(NftValue.Concat(NftValue.U8(6), NftValue.U16(80)), NftValue.Concat(NftValue.U8(6), NftValue.U16(90))),
            new(NftValue.Concat(NftValue.U8(17), NftValue.U16(53)), NftValue.Concat(NftValue.U8(17), NftValue.U16(53))),
        ]);
        transaction.AddElements(dispatch, [new(NftValue.InterfaceName("cali1"), Verdict: NftVerdict.Goto("sub"))]);
        foreach (var rule in EveryExpression) transaction.Add(new NftAddRule("main", rule));
        transaction.Add(new NftAddRule("nat", new NftRule([new NftMasquerade(NftMasquerade.FullyRandom)])));
        return transaction;
    }

    private static NftValue V4(string address) => new(IPAddress.Parse(address).GetAddressBytes());

    private static NftValue V6(string address) => new(IPAddress.Parse(address).GetAddressBytes());
}
