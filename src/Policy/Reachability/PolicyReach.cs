using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Addresses;

namespace Margay.Policy.Reachability;

/// <summary>
/// Who can reach whom, with what, under a compiled policy: exact, over all packets that can be. A table of what
/// <see cref="Evaluator"/> would say; when the two differ, this one is wrong. Pure and immutable; see docs/design/reachability.md.
/// </summary>
public sealed class PolicyReach
{
    private PolicyReach(FamilyReach v4, FamilyReach v6) => (V4, V6) = (v4, v6);

    /// <summary>IPv4.</summary>
    public FamilyReach V4 { get; }

    /// <summary>IPv6.</summary>
    public FamilyReach V6 { get; }

    /// <summary>Both families.</summary>
    public IEnumerable<FamilyReach> Families => [V4, V6];

    /// <summary>One family.</summary>
    public FamilyReach Of(IpFamily family) => family == IpFamily.V4 ? V4 : V6;

    /// <summary>Analyses one policy.</summary>
    /// <param name="state">The policy.</param>
    /// <param name="questions">Prefixes that questions will be about, so that no atom is partly inside.</param>
    public static PolicyReach Analyze(CompiledState state, IEnumerable<IpPrefix> questions) => Analyze([state], questions)[0];

    /// <summary>Analyses several policies over the same division of addresses, so that they can be compared atom by atom.</summary>
    /// <param name="states">The policies.</param>
    /// <param name="questions">Prefixes that questions will be about.</param>
    public static IReadOnlyList<PolicyReach> Analyze(IReadOnlyList<CompiledState> states, IEnumerable<IpPrefix> questions)
    {
        ArgumentNullException.ThrowIfNull(states);
        ArgumentNullException.ThrowIfNull(questions);
        var predicates = new AtomPredicates();
        for (int world = 0; world < states.Count; world++) predicates.Add(world, states[world]);
        foreach (var prefix in questions) predicates.Add(prefix);
        var v4 = new AddressAtoms(IpFamily.V4, new AtomPartition(IpFamily.V4, predicates), predicates);
        var v6 = new AddressAtoms(IpFamily.V6, new AtomPartition(IpFamily.V6, predicates), predicates);
        return [.. states.Select((state, world) => new PolicyReach(new FamilyReach(state, world, v4), new FamilyReach(state, world, v6)))];
    }
}
