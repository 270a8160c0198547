using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>A policy of the cluster.</summary>
internal sealed class PolicyState(PolicyId id)
{
    /// <summary>The policy.</summary>
    public PolicyId Id { get; } = id;

    /// <summary>What it says; null when it is about to go.</summary>
    public PolicyDefinition? Definition { get; set; }

    /// <summary>Those that select the same; null when it is about to go.</summary>
    public SelectorGroup? Group { get; set; }

    /// <summary>Its rules, while it selects an endpoint of this node.</summary>
    public PolicyBody? Body { get; set; }

    /// <summary>What the data plane was told.</summary>
    public DataplaneUpdate? Sent { get; set; }

    /// <summary>Its place among the policies in use, in the order in which they are looked at.</summary>
    public int Rank { get; set; }

    /// <summary>True when the definition is newer than the body.</summary>
    public bool BodyIsStale { get; set; }

    /// <summary>True while it waits to be looked at.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Its place in <see cref="SelectorGroup.Policies"/>.</summary>
    public int Place { get; set; }
}

/// <summary>
/// Policies that select by the same program: the index is asked once for all of them. Ten thousand policies that select
/// everything are one selector.
/// </summary>
internal sealed class SelectorGroup(int id, CompiledSelector program)
{
    private PolicyState[] _policies = [];
    private int _count;

    /// <summary>Its number in the index of endpoints.</summary>
    public int Id { get; } = id;

    /// <summary>What they select.</summary>
    public CompiledSelector Program { get; } = program;

    /// <summary>The policies, in no order.</summary>
    public ReadOnlySpan<PolicyState> Policies => _policies.AsSpan(0, _count);

    /// <summary>True while it waits to be looked at.</summary>
    public bool IsDirty { get; set; }

    /// <summary>A policy selects by this.</summary>
    public void Add(PolicyState policy)
    {
        if (_count == _policies.Length) Array.Resize(ref _policies, Math.Max(1, _count * 2));
        policy.Place = _count;
        policy.Group = this;
        _policies[_count++] = policy;
    }

    /// <summary>A policy does so no longer; the last one takes its place.</summary>
    public void Remove(PolicyState policy)
    {
        var last = _policies[--_count];
        _policies[policy.Place] = last;
        last.Place = policy.Place;
        _policies[_count] = null!;
        policy.Group = null;
    }
}
