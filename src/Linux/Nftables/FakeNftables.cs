using Margay.Linux.Netlink;
using Margay.Linux.Syscalls;

namespace Margay.Linux.Nftables;

/// <summary>
/// nf_tables in memory, with the kernel's rules as far as our transactions can meet them: a transaction happens as a whole or not
/// at all, a missing table, chain or set is ENOENT, removing what is referred to is EBUSY, another set under a name that exists is EEXIST.
/// </summary>
public sealed class FakeNftables : INftables
{
    private Dictionary<NftTableId, NftTableState> _tables = [];
    private ulong _handle;

    /// <summary>How many transactions were applied: the kernel's generation.</summary>
    public int Generation { get; private set; }

    /// <summary>The transactions that were applied, as text.</summary>
    public List<string> Log { get; } = [];

    /// <summary>When set, the next transaction fails with this error number.</summary>
    public int FailNext { get; set; }

    /// <inheritdoc/>
    public void Commit(NftTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.IsEmpty) return;
        if (FailNext != 0)
        {
            int errno = FailNext;
            FailNext = 0;
            throw new NetlinkException(errno, "nft transaction", null);
        }
        var tables = _tables.ToDictionary(static pair => pair.Key, static pair => FakeNftState.Clone(pair.Value));
        for (int i = 0; i < transaction.Operations.Count; i++)
        {
            var operation = transaction.Operations[i];
            int errno = Apply(tables, transaction.Table, operation);
            if (errno != 0) throw new NetlinkException(errno, transaction.Print(operation), null, i);
        }
        _tables = tables;
        Generation++;
        Log.Add(transaction.ToString());
    }

    /// <inheritdoc/>
    public NftTableState? Read(NftTableId table) => _tables.TryGetValue(table, out var state) ? FakeNftState.Clone(state) : null;

    /// <inheritdoc/>
    public List<NftRule> ReadRules(NftTableId table, string chain) =>
        _tables.TryGetValue(table, out var state) && state.Chains.TryGetValue(chain, out var found) ? [.. found.Rules] : [];

    private int Apply(Dictionary<NftTableId, NftTableState> tables, NftTableId id, NftOperation operation)
    {
        if (operation is NftAddTable)
        {
            tables.TryAdd(id, new NftTableState());
            return 0;
        }
        if (!tables.TryGetValue(id, out var table)) return Errno.ENOENT;
        switch (operation)
        {
            case NftDeleteTable:
                tables.Remove(id);
                return 0;
            case NftAddChain add:
                if (table.Chains.TryGetValue(add.Chain.Name, out var existing) && existing.Chain.Hook != add.Chain.Hook) return Errno.EEXIST;
                table.Chains.TryAdd(add.Chain.Name, new NftChainState(add.Chain, []));
                return 0;
            case NftDeleteChain delete:
                if (!table.Chains.ContainsKey(delete.Name)) return Errno.ENOENT;
                if (FakeNftState.RefersToChain(table, delete.Name)) return Errno.EBUSY;
                table.Chains.Remove(delete.Name);
                return 0;
            case NftFlushChain flush:
                if (!table.Chains.TryGetValue(flush.Name, out var flushed)) return Errno.ENOENT;
                flushed.Rules.Clear();
                return 0;
            case NftAddRule add:
                return AddRule(table, add);
            case NftDeleteRule delete:
                if (!table.Chains.TryGetValue(delete.Chain, out var of)) return Errno.ENOENT;
                return of.Rules.RemoveAll(rule => rule.Handle == delete.Rule.Handle) == 1 ? 0 : Errno.ENOENT;
            case NftAddSet add:
                if (table.Sets.TryGetValue(add.Set.Name, out var same) && (same.Set with { Comment = add.Set.Comment }) != add.Set) return Errno.EEXIST;
                table.Sets.TryAdd(add.Set.Name, new NftSetState(add.Set, []));
                return 0;
            case NftDeleteSet delete:
                if (!table.Sets.ContainsKey(delete.Set.Name)) return Errno.ENOENT;
                if (FakeNftState.RefersToSet(table, delete.Set.Name)) return Errno.EBUSY;
                table.Sets.Remove(delete.Set.Name);
                return 0;
            case NftAddElements add:
                return AddElements(table, add);
            case NftDeleteElements delete:
                return DeleteElements(table, delete);
            default:
                return Errno.EOPNOTSUPP;
        }
    }

    private int AddRule(NftTableState table, NftAddRule add)
    {
        if (!table.Chains.TryGetValue(add.Chain, out var chain)) return Errno.ENOENT;
        if (!FakeNftState.Resolves(table, add.Rule)) return Errno.ENOENT;
        int at = add.Before == 0 ? chain.Rules.Count : chain.Rules.FindIndex(rule => rule.Handle == add.Before);
        if (at < 0) return Errno.ENOENT;
        chain.Rules.Insert(at, add.Rule with { Handle = ++_handle });
        return 0;
    }

    private static int AddElements(NftTableState table, NftAddElements add)
    {
        if (!table.Sets.TryGetValue(add.Set.Name, out var set)) return Errno.ENOENT;
        var there = set.Elements.ToDictionary(static element => (element.Key, element.KeyEnd));
        foreach (var element in add.Elements)
        {
            if (element.Key.Length != set.Set.KeyLength || element.KeyEnd.IsEmpty == set.Set.Interval) return Errno.EINVAL;
            if (element.Verdict?.Chain is { } target && !table.Chains.ContainsKey(target)) return Errno.ENOENT;
            var key = (element.Key, element.KeyEnd);
            if (there.TryGetValue(key, out var same))
            {
                if (same.Verdict != element.Verdict) return Errno.EEXIST;
                continue;
            }
            there[key] = element;
            set.Elements.Add(element);
        }
        return FakeNftState.Overlaps(set) ? Errno.EEXIST : 0;
    }

    private static int DeleteElements(NftTableState table, NftDeleteElements delete)
    {
        if (!table.Sets.TryGetValue(delete.Set.Name, out var set)) return Errno.ENOENT;
        var gone = delete.Elements.Select(static element => (element.Key, element.KeyEnd)).ToHashSet();
        int removed = set.Elements.RemoveAll(element => gone.Contains((element.Key, element.KeyEnd)));
        return removed == gone.Count ? 0 : Errno.ENOENT;
    }
}
