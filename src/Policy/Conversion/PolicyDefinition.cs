using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>The rules of a policy, compiled.</summary>
/// <param name="Ingress">Rules towards the endpoint.</param>
/// <param name="Egress">Rules from the endpoint.</param>
/// <param name="Sets">The IP sets that they use.</param>
/// <param name="Problems">What could not be understood and was closed.</param>
internal sealed record PolicyBody(
    ImmutableArray<PolicyRule> Ingress,
    ImmutableArray<PolicyRule> Egress,
    ImmutableArray<SetDefinition> Sets,
    ImmutableArray<string> Problems);

/// <summary>
/// What must be known of every policy of the cluster, whether it is used here or not: whom it selects and where it stands.
/// The rules are compiled when the first endpoint of this node is selected; most policies never are.
/// </summary>
/// <param name="Id">The policy.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Order">Its order; +infinity when it has none.</param>
/// <param name="Selector">The endpoints it applies to.</param>
/// <param name="HasIngress">Whether it decides about packets towards them.</param>
/// <param name="HasEgress">Whether it decides about packets from them.</param>
/// <param name="Body">Compiles the rules.</param>
internal sealed record PolicyDefinition(
    PolicyId Id, string Tier, double Order, Selector Selector, bool HasIngress, bool HasEgress, Func<PolicyBody> Body)
{
    /// <summary>Where it is asked: untracked, before address translation, or normally.</summary>
    public PolicyHook Hook { get; init; } = PolicyHook.Normal;

    /// <summary>When it counts.</summary>
    public Validity Validity { get; init; }

    /// <summary>Whether it is kept ready where it selects nothing; never changes a verdict.</summary>
    public bool IsNeededEverywhere { get; init; }

    /// <summary>Whether a normal policy also governs what host endpoints forward.</summary>
    public bool ApplyOnForward { get; init; }

    /// <summary>Whether the policy has a say at a hook in a direction.</summary>
    public bool IsAskedAt(PolicyHook hook, PolicyDirection direction) =>
        (direction == PolicyDirection.Ingress ? HasIngress : HasEgress)
        && (hook == PolicyHook.Forward ? Hook == PolicyHook.Normal && ApplyOnForward : hook == Hook);

    /// <summary>Breaks ties of the order: name, then namespace, then kind, compared as one text, as upstream does.</summary>
    /// <remarks>A staged policy stands where it would stand when it were enforced.</remarks>
    public string TieBreaker => $"{Id.Name}/{Id.Namespace}/{Id.Counterpart.Kind switch
    {
        PolicyKind.KubernetesNetworkPolicy => "KubernetesNetworkPolicy",
        PolicyKind.GlobalNetworkPolicy => "GlobalNetworkPolicy",
        PolicyKind.ClusterNetworkPolicy => "KubernetesClusterNetworkPolicy",
        _ => "NetworkPolicy",
    }}";
}
