using Margay.Linux.Netlink;
using Margay.Linux.Nftables;
using Margay.Linux.Syscalls;
using Xunit;

namespace Margay.Linux.Tests.Nftables;

/// <summary>The fake refuses what the kernel refuses.</summary>
public sealed class FakeNftablesTests
{
    private static readonly NftTableId Table = new(NftFamily.Inet, "t");
    private static readonly NftSet Addresses = new("a", NftType.Ipv4Address);

    private readonly FakeNftables _nft = new();

    public FakeNftablesTests() => Commit(
        new NftAddTable(), new NftAddSet(Addresses), new NftAddChain(new NftChain("c")), new NftAddChain(new NftChain("d")),
        new NftAddRule("c", new NftRule([new NftLookup("a"), new NftImmediate(NftVerdict.Jump("d"))])));

    [Fact]
    public void A_set_in_use_is_busy() => Refuses(Errno.EBUSY, new NftDeleteSet(Addresses));

    [Fact]
    public void A_chain_in_use_is_busy() => Refuses(Errno.EBUSY, new NftDeleteChain("d"));

    [Fact]
    public void An_unknown_set_is_not_found() => Refuses(Errno.ENOENT, new NftAddRule("c", new NftRule([new NftLookup("b")])));

    [Fact]
    public void A_missing_element_is_not_found() => Refuses(Errno.ENOENT, new NftDeleteElements(Addresses, [new(NftValue.HostU32(1))]));

    [Fact]
    public void Another_set_under_the_same_name_exists() => Refuses(Errno.EEXIST, new NftAddSet(new NftSet("a", NftType.Ipv6Address)));

    [Fact]
    public void A_refused_transaction_leaves_nothing()
    {
        Refuses(Errno.EBUSY, new NftAddChain(new NftChain("e")), new NftDeleteChain("d"));
        Assert.DoesNotContain("e", _nft.Read(Table)!.Chains.Keys);
    }

    private void Refuses(int errno, params ReadOnlySpan<NftOperation> operations)
    {
        var transaction = Make(operations);
        Assert.Equal(errno, Assert.Throws<NetlinkException>(() => _nft.Commit(transaction)).Errno);
    }

    private void Commit(params ReadOnlySpan<NftOperation> operations) => _nft.Commit(Make(operations));

    private static NftTransaction Make(ReadOnlySpan<NftOperation> operations)
    {
        var transaction = new NftTransaction(Table);
        foreach (var operation in operations) transaction.Add(operation);
        return transaction;
    }
}
