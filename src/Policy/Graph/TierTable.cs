using System.Collections.Frozen;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;

namespace Margay.Policy.Graph;

/// <summary>
/// The tiers. Three are always there, with upstream's order and end, until an object says otherwise. Any other tier that policies
/// name and that does not exist comes after all others and denies at its end.
/// </summary>
internal sealed class TierTable : IComparer<string>
{
    private readonly record struct State(double Order, TierDefaultAction DefaultAction, bool Reject = false);

    private static readonly FrozenDictionary<string, State> _builtIn = new Dictionary<string, State>
    {
        [Tier.KubeAdminName] = new(1_000, TierDefaultAction.Pass),
        [Tier.DefaultName] = new(1_000_000, TierDefaultAction.Deny),
        [Tier.KubeBaselineName] = new(10_000_000, TierDefaultAction.Pass),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Dictionary<string, State> _tiers = new(_builtIn, StringComparer.Ordinal);

    /// <summary>Adds, changes or (null) removes a tier. True when anything that matters here has changed.</summary>
    public bool Set(string name, Tier? tier)
    {
        if (tier is null && !_builtIn.ContainsKey(name)) return _tiers.Remove(name);
        var state = tier is null ? _builtIn[name] : new State(
            tier.Spec.Order ?? double.PositiveInfinity,
            string.Equals(tier.Spec.DefaultAction, PolicyAction.Pass, StringComparison.OrdinalIgnoreCase) ? TierDefaultAction.Pass : TierDefaultAction.Deny,
            Extensions.AreAllowed(tier.Metadata) && string.Equals(tier.Spec.DefaultAction, PolicyAction.Reject, StringComparison.OrdinalIgnoreCase));
        if (_tiers.TryGetValue(name, out var before) && before == state) return false;
        _tiers[name] = state;
        return true;
    }

    /// <summary>What the end of the tier does.</summary>
    public TierDefaultAction DefaultActionOf(string name) =>
        _tiers.TryGetValue(name, out var state) ? state.DefaultAction : TierDefaultAction.Deny;

    /// <summary>Whether an end that denies answers with an error.</summary>
    public bool Rejects(string name) => _tiers.TryGetValue(name, out var state) && state.Reject;

    /// <summary>Existing ones first, then by order (none is last), then by name.</summary>
    public int Compare(string? x, string? y)
    {
        bool hasX = _tiers.TryGetValue(x!, out var left);
        bool hasY = _tiers.TryGetValue(y!, out var right);
        if (hasX != hasY) return hasX ? -1 : 1;
        int order = left.Order.CompareTo(right.Order);
        return order != 0 ? order : string.CompareOrdinal(x, y);
    }
}
