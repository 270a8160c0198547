using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// The tiers and policies of endpoints, in order. Endpoints that the same groups of policies select have the same, so they
/// are put together once and shared; a change of any policy or tier makes everything new.
/// </summary>
internal sealed class PolicyBindings(TierTable tiers, PolicyRows policies, SelectorGroups groups, HashSet<PolicyState> active)
{
    private readonly Dictionary<Key, HookTiers> _known = [];
    private readonly List<PolicyState> _selected = [];
    private bool _ranksAreStale = true;

    /// <summary>The groups that select an endpoint, and what is asked about it.</summary>
    private readonly record struct Key(int[] Groups, PolicyHook Hook, bool WithStaged)
    {
        public bool Equals(Key other) => Hook == other.Hook && WithStaged == other.WithStaged && Groups.AsSpan().SequenceEqual(other.Groups);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (int group in Groups) hash.Add(group);
            hash.Add(Hook);
            hash.Add(WithStaged);
            return hash.ToHashCode();
        }
    }

    /// <summary>A policy or a tier is not what it was.</summary>
    public void Forget()
    {
        _known.Clear();
        _ranksAreStale = true;
    }

    /// <summary>A policy has come into use, and has no rank.</summary>
    public void RankAgain() => _ranksAreStale = true;

    /// <summary>The tiers that concern endpoints that these groups select.</summary>
    public HookTiers Of(SmallIdSet selectors, PolicyHook hook, bool withStaged)
    {
        if (selectors.Count == 0) return HookTiers.None;
        var key = new Key(selectors.ToArray(), hook, withStaged);
        if (_known.TryGetValue(key, out var known)) return known;
        var made = Make(key);
        _known.Add(key, made);
        return made;
    }

    private HookTiers Make(Key key)
    {
        Rank();
        _selected.Clear();
        foreach (int group in key.Groups)
            foreach (int number in groups.Of(group))
                if (policies[number].State! is { } policy && (key.WithStaged || !policy.Id.IsStaged)) _selected.Add(policy);
        _selected.Sort(static (a, b) => a.Rank.CompareTo(b.Rank));

        bool same = true;
        foreach (var policy in _selected)
            same &= policy.Definition!.IsAskedAt(key.Hook, PolicyDirection.Ingress) == policy.Definition.IsAskedAt(key.Hook, PolicyDirection.Egress);
        var ingress = Bind(key.Hook, PolicyDirection.Ingress);
        return new HookTiers(ingress, same ? ingress : Bind(key.Hook, PolicyDirection.Egress));
    }

    private ImmutableArray<TierBinding> Bind(PolicyHook hook, PolicyDirection direction)
    {
        var bindings = ImmutableArray.CreateBuilder<TierBinding>();
        var policies = ImmutableArray.CreateBuilder<PolicyId>();
        string? tier = null;
        foreach (var policy in _selected)
        {
            if (!policy.Definition!.IsAskedAt(hook, direction)) continue;
            if (policy.Definition.Tier != tier) Close();
            tier = policy.Definition.Tier;
            policies.Add(policy.Id);
        }
        Close();
        return bindings.ToImmutable();

        void Close()
        {
            if (policies.Count == 0) return;
            // The early hooks never drop at the end of a tier: the later ones have their say.
            var end = hook is PolicyHook.Untracked or PolicyHook.PreDnat ? TierDefaultAction.Pass : tiers.DefaultActionOf(tier!);
            bindings.Add(new TierBinding(tier!, end, policies.ToImmutable()) { Reject = end == TierDefaultAction.Deny && tiers.Rejects(tier!) });
            policies.Clear();
        }
    }

    /// <summary>Numbers the policies in use in the order in which they are looked at.</summary>
    private void Rank()
    {
        if (!_ranksAreStale) return;
        _ranksAreStale = false;
        string[] names = [.. active.Select(p => p.Definition!.Tier).Distinct(StringComparer.Ordinal)];
        Array.Sort(names, tiers);
        var places = names.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);
        PolicyState[] sorted = [.. active];
        var keys = new (int Tier, double Order, string TieBreaker, PolicyKind Kind)[sorted.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            var definition = sorted[i].Definition!;
            keys[i] = (places[definition.Tier], definition.Order, definition.TieBreaker, sorted[i].Id.Kind);
        }
        Array.Sort(keys, sorted, Comparer<(int Tier, double Order, string TieBreaker, PolicyKind Kind)>.Create(static (a, b) =>
        {
            int order = a.Tier.CompareTo(b.Tier);
            if (order == 0) order = a.Order.CompareTo(b.Order);
            if (order == 0) order = string.CompareOrdinal(a.TieBreaker, b.TieBreaker);
            return order != 0 ? order : ((int)a.Kind).CompareTo((int)b.Kind);
        }));
        for (int i = 0; i < sorted.Length; i++) sorted[i].Rank = i;
    }
}
