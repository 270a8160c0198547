using System.Collections.Immutable;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Programming;

/// <summary>A chain as it should be.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Rules">Its rules in order.</param>
internal sealed record DesiredChain(NftChain Chain, ImmutableArray<NftRule> Rules);

/// <summary>A set as it should be.</summary>
/// <param name="Set">The set.</param>
/// <param name="Elements">Lists what should be in it now.</param>
internal sealed record DesiredSet(NftSet Set, Func<IEnumerable<NftElement>> Elements);

/// <summary>
/// What our table should hold. Every edit is also written to <see cref="Changes"/>, so that the next transaction carries the edits
/// and not the table. Sets that are named by their content come and go with the chains that use them.
/// </summary>
internal sealed class DesiredTable
{
    private readonly Dictionary<string, DesiredChain> _chains = [];
    private readonly Dictionary<string, DesiredSet> _sets = [];
    private readonly Dictionary<string, int> _users = [];
    private readonly Dictionary<string, ContentSet> _content = [];

    public IReadOnlyDictionary<string, DesiredChain> Chains => _chains;

    public IReadOnlyDictionary<string, DesiredSet> Sets => _sets;

    public TableChanges Changes { get; } = new();

    /// <summary>Adds or replaces a chain; nothing is recorded when it is the same.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="rules">Its rules.</param>
    /// <param name="content">Definitions of the sets named by content that the rules may use.</param>
    public void PutChain(NftChain chain, ImmutableArray<NftRule> rules, IReadOnlyDictionary<string, ContentSet>? content = null)
    {
        _chains.TryGetValue(chain.Name, out var before);
        if (before is not null && before.Chain == chain && before.Rules.AsSpan().SequenceEqual(rules.AsSpan())) return;
        Changes.OnChain(chain.Name, before);
        foreach (string set in Lookups(rules)) Use(set, content);
        _chains[chain.Name] = new DesiredChain(chain, rules);
        if (before is not null) Release(before);
    }

    public void RemoveChain(string name)
    {
        if (!_chains.Remove(name, out var before)) return;
        Changes.OnChain(name, before);
        Release(before);
    }

    public void PutSet(NftSet set, Func<IEnumerable<NftElement>> elements)
    {
        _sets.TryGetValue(set.Name, out var before);
        Changes.OnSet(set.Name, before?.Set);
        // Removed and made again since the last transaction: the kernel still holds elements that nobody recorded.
        if (!_content.ContainsKey(set.Name) && Changes.SetsBefore[set.Name] is not null) Changes.IsIncomplete = true;
        _sets[set.Name] = new DesiredSet(set, elements);
    }

    public void RemoveSet(string name)
    {
        if (_sets.Remove(name, out var before)) Changes.OnSet(name, before.Set);
    }

    /// <summary>Records that an element appeared in the list that the set was put with.</summary>
    public void ElementAdded(NftSet set, NftElement element) => Changes.ElementsOf(set.Name).Add(element);

    /// <summary>Records that an element vanished from the list that the set was put with.</summary>
    public void ElementRemoved(NftSet set, NftElement element) => Changes.ElementsOf(set.Name).Remove(element);

    private static IEnumerable<string> Lookups(ImmutableArray<NftRule> rules)
    {
        foreach (var rule in rules)
        {
            foreach (var expression in rule.Expressions)
            {
                if (expression is NftLookup lookup) yield return lookup.Set;
            }
        }
    }

    private void Use(string set, IReadOnlyDictionary<string, ContentSet>? content)
    {
        if (!_content.ContainsKey(set))
        {
            if (content is null || !content.TryGetValue(set, out var definition)) return;
            _content[set] = definition;
            PutSet(definition.Set, () => definition.Elements);
        }
        _users[set] = _users.GetValueOrDefault(set) + 1;
    }

    private void Release(DesiredChain chain)
    {
        foreach (string set in Lookups(chain.Rules))
        {
            if (!_content.ContainsKey(set) || --_users[set] > 0) continue;
            _users.Remove(set);
            _content.Remove(set);
            RemoveSet(set);
        }
    }
}
