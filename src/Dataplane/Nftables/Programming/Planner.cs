using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Programming;

/// <summary>Compares what should be with what is.</summary>
internal static class Planner
{
    /// <summary>
    /// The recorded edits, trusting that everything else is as it should be. Chains that existed are read first: their
    /// rules' handles are needed, and rules that stay keep their counters.
    /// </summary>
    internal static Plan FromChanges(DesiredTable desired, INftables nft, NftTableId table)
    {
        var plan = new Plan();
        var changes = desired.Changes;
        foreach (var (name, before) in changes.SetsBefore)
        {
            if (desired.Sets.TryGetValue(name, out var now))
            {
                if (before is null) plan.AddSet(now.Set, now.Elements());
            }
            else if (before is not null) plan.RemoveSet(before);
        }
        foreach (var (name, elements) in changes.Elements)
        {
            if (elements.Added.Count + elements.Removed.Count == 0 || !desired.Sets.TryGetValue(name, out var set)) continue;
            if (changes.SetsBefore.TryGetValue(name, out var before) && before is null) continue;
            plan.ChangeElements(set.Set, elements.Removed, elements.Added);
        }
        foreach (var (name, before) in changes.ChainsBefore)
        {
            if (!desired.Chains.TryGetValue(name, out var now))
            {
                if (before is not null) plan.RemoveChain(name);
            }
            else if (before is null) plan.AddChain(now.Chain, now.Rules);
            else if (!before.Rules.AsSpan().SequenceEqual(now.Rules.AsSpan())) plan.EditRules(name, nft.ReadRules(table, name), now.Rules);
        }
        return plan;
    }

    /// <summary>Everything that differs from the table as it was read.</summary>
    /// <param name="desired">What should be.</param>
    /// <param name="actual">What is; null when there is no table.</param>
    /// <param name="sweep">Also remove what should not be there.</param>
    internal static Plan FromTable(DesiredTable desired, NftTableState? actual, bool sweep)
    {
        var plan = new Plan { NewTable = actual is null, Rebuild = actual is not null && !CanBeMended(desired, actual) };
        var there = actual is null || plan.Rebuild ? new NftTableState() : actual;
        foreach (var (name, set) in desired.Sets)
        {
            if (there.Sets.TryGetValue(name, out var found)) CompareElements(plan, set, found, sweep);
            else plan.AddSet(set.Set, set.Elements());
        }
        foreach (var (name, chain) in desired.Chains)
        {
            if (!there.Chains.TryGetValue(name, out var found))
            {
                plan.AddChain(chain.Chain, chain.Rules);
                continue;
            }
            if (found.Chain.Hook != chain.Chain.Hook) plan.UpdateChain(chain.Chain);
            plan.EditRules(name, found.Rules, chain.Rules);
        }
        if (!sweep) return plan;
        foreach (string name in there.Chains.Keys)
        {
            if (!desired.Chains.ContainsKey(name)) plan.RemoveChain(name);
        }
        foreach (var (name, set) in there.Sets)
        {
            if (!desired.Sets.ContainsKey(name)) plan.RemoveSet(set.Set);
        }
        return plan;
    }

    // A set of another type under our name, a chain at another hook, a kind of set we never make: somebody else's work that
    // edits cannot undo. The table is replaced as a whole; one transaction leaves no moment without rules.
    private static bool CanBeMended(DesiredTable desired, NftTableState actual)
    {
        if (actual.ForeignSets.Count > 0) return false;
        foreach (var (name, found) in actual.Sets)
        {
            if (desired.Sets.TryGetValue(name, out var set) && set.Set with { Comment = found.Set.Comment } != found.Set) return false;
        }
        foreach (var (name, found) in actual.Chains)
        {
            if (!desired.Chains.TryGetValue(name, out var chain)) continue;
            if (found.Chain.Hook is null != chain.Chain.Hook is null) return false;
            if (found.Chain.Hook is { } hook && hook with { Drops = false } != chain.Chain.Hook) return false;
        }
        return true;
    }

    private static void CompareElements(Plan plan, DesiredSet desired, NftSetState actual, bool sweep)
    {
        var missing = desired.Elements().ToHashSet();
        var extra = new List<NftElement>();
        foreach (var element in actual.Elements)
        {
            if (!missing.Remove(element)) extra.Add(element);
        }
        if (!sweep) extra.RemoveAll(element => !IsInTheWay(desired.Set, element, missing));
        if (missing.Count + extra.Count > 0) plan.ChangeElements(desired.Set, extra, missing);
    }

    // What the kernel will not have beside a missing element: another verdict for its key, or a range that overlaps it.
    private static bool IsInTheWay(NftSet set, NftElement element, HashSet<NftElement> missing)
    {
        if (set.Interval) return missing.Any(other => other.Overlaps(set, in element));
        return set.VerdictMap && missing.Any(other => other.Key == element.Key);
    }
}
