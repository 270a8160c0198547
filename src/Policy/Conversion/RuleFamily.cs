using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Policy.Conversion;

/// <summary>
/// The address families that a rule can match. A list of prefixes, positive or negative, confines the rule to the families
/// it names: "not 10.0.0.0/8" says nothing about IPv6. So upstream's renderers read it; saying it here leaves no driver a choice.
/// </summary>
internal struct RuleFamily()
{
    private bool _v4 = true;
    private bool _v6 = true;

    /// <summary>True when no family is left: the rule can match nothing.</summary>
    public readonly bool IsNone => !_v4 && !_v6;

    /// <summary>The one family, or null when both are possible.</summary>
    public readonly IpFamily? Single => _v4 == _v6 ? null : _v4 ? IpFamily.V4 : IpFamily.V6;

    /// <summary>Only this family.</summary>
    public void Confine(IpFamily family)
    {
        _v4 &= family == IpFamily.V4;
        _v6 &= family == IpFamily.V6;
    }

    /// <summary>Only the families in the list, if it has any entries.</summary>
    public void Confine(ImmutableArray<IpPrefix> nets)
    {
        if (nets.IsEmpty) return;
        _v4 &= nets.Any(n => n.Family == IpFamily.V4);
        _v6 &= nets.Any(n => n.Family == IpFamily.V6);
    }

    /// <summary>The prefixes that are still of use.</summary>
    public readonly ImmutableArray<IpPrefix> Useful(ImmutableArray<IpPrefix> nets) =>
        Single is { } family ? nets.RemoveAll(n => n.Family != family) : nets;
}
