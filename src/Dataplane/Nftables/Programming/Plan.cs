using System.Collections.Immutable;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Programming;

/// <summary>
/// What one transaction will do, collected in any order and written in the one order that the kernel takes: what is referred to
/// before what refers to it, and removals last.
/// </summary>
internal sealed class Plan
{
    private readonly List<(NftSet Set, ImmutableArray<NftElement> Elements)> _newSets = [];
    private readonly List<(NftSet Set, ImmutableArray<NftElement> Removed, ImmutableArray<NftElement> Added)> _elements = [];
    private readonly List<NftChain> _chains = [];
    private readonly List<NftOperation> _rules = [];
    private readonly List<string> _staleChains = [];
    private readonly List<NftSet> _staleSets = [];

    /// <summary>The table itself is missing.</summary>
    public bool NewTable { get; set; }

    /// <summary>The table cannot be mended: it is removed and made anew, in the same transaction.</summary>
    public bool Rebuild { get; set; }

    public void AddSet(NftSet set, IEnumerable<NftElement> elements) => _newSets.Add((set, [.. elements]));

    public void ChangeElements(NftSet set, IEnumerable<NftElement> removed, IEnumerable<NftElement> added) =>
        _elements.Add((set, [.. removed], [.. added]));

    public void AddChain(NftChain chain, ImmutableArray<NftRule> rules)
    {
        _chains.Add(chain);
        foreach (var rule in rules) _rules.Add(new NftAddRule(chain.Name, rule));
    }

    /// <summary>Makes the chain's own properties as they should be; its rules stay.</summary>
    public void UpdateChain(NftChain chain) => _chains.Add(chain);

    public void EditRules(string chain, List<NftRule> actual, ImmutableArray<NftRule> desired) =>
        _rules.AddRange(RuleDifference.Between(chain, actual, desired));

    public void RemoveChain(string name) => _staleChains.Add(name);

    public void RemoveSet(NftSet set) => _staleSets.Add(set);

    public NftTransaction ToTransaction(NftTableId table)
    {
        var transaction = new NftTransaction(table);
        if (NewTable || Rebuild) transaction.Add(new NftAddTable());
        if (Rebuild)
        {
            transaction.Add(new NftDeleteTable());
            transaction.Add(new NftAddTable());
        }
        foreach (var (set, elements) in _newSets)
        {
            transaction.Add(new NftAddSet(set));
            if (!set.VerdictMap) transaction.AddElements(set, elements);
        }
        foreach (var (set, removed, added) in _elements)
        {
            if (!set.VerdictMap) Change(transaction, set, removed, added);
        }
        foreach (var chain in _chains) transaction.Add(new NftAddChain(chain));
        // Verdicts refer to chains, and chains to maps: rules of new chains first, then what leads to them.
        foreach (var operation in _rules) transaction.Add(operation);
        foreach (var (set, elements) in _newSets)
        {
            if (set.VerdictMap) transaction.AddElements(set, elements);
        }
        foreach (var (set, removed, added) in _elements)
        {
            if (set.VerdictMap) Change(transaction, set, removed, added);
        }
        foreach (string chain in _staleChains) transaction.Add(new NftFlushChain(chain));
        foreach (string chain in _staleChains) transaction.Add(new NftDeleteChain(chain));
        foreach (var set in _staleSets) transaction.Add(new NftDeleteSet(set));
        return transaction;
    }

    private static void Change(NftTransaction transaction, NftSet set, ImmutableArray<NftElement> removed, ImmutableArray<NftElement> added)
    {
        transaction.DeleteElements(set, removed);
        transaction.AddElements(set, added);
    }
}
