namespace Margay.Linux.Nftables;

/// <summary>Questions about a table in memory that the kernel would answer.</summary>
internal static class FakeNftState
{
    internal static NftTableState Clone(NftTableState table)
    {
        var clone = new NftTableState();
        foreach (var (name, chain) in table.Chains) clone.Chains[name] = new NftChainState(chain.Chain, [.. chain.Rules]);
        foreach (var (name, set) in table.Sets) clone.Sets[name] = new NftSetState(set.Set, [.. set.Elements]);
        clone.ForeignSets.AddRange(table.ForeignSets);
        return clone;
    }

    internal static bool RefersToChain(NftTableState table, string name) =>
        table.Chains.Values.SelectMany(static chain => chain.Rules).SelectMany(static rule => rule.Expressions)
            .Any(expression => expression is NftImmediate immediate && immediate.Verdict.Chain == name)
        || table.Sets.Values.SelectMany(static set => set.Elements).Any(element => element.Verdict?.Chain == name);

    internal static bool RefersToSet(NftTableState table, string name) =>
        table.Chains.Values.SelectMany(static chain => chain.Rules).SelectMany(static rule => rule.Expressions)
            .Any(expression => expression is NftLookup lookup && lookup.Set == name);

    /// <summary>Every chain and set that the rule names exists.</summary>
    internal static bool Resolves(NftTableState table, NftRule rule)
    {
        foreach (var expression in rule.Expressions)
        {
            if (expression is NftLookup lookup && !table.Sets.ContainsKey(lookup.Set)) return false;
            if (expression is NftImmediate { Verdict.Chain: { } chain } && !table.Chains.ContainsKey(chain)) return false;
        }
        return true;
    }

    /// <summary>Two ranges of a single-field interval set have a key in common.</summary>
    internal static bool Overlaps(NftSetState set)
    {
        if (!set.Set.Interval || set.Set.IsConcat) return false;
        var ordered = set.Elements.ToList();
        ordered.Sort(static (a, b) => a.Key.Bytes.SequenceCompareTo(b.Key.Bytes));
        for (int i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Overlaps(set.Set, ordered[i - 1])) return true;
        }
        return false;
    }
}
