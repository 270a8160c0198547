using Margay.Dataplane.Contract;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>What the chains of endpoints need to know about a policy in one direction.</summary>
/// <param name="Chain">Where its rules start.</param>
/// <param name="HasRules">Whether there are any; a policy without rules needs no jump.</param>
/// <param name="CanPass">Whether a rule may pass the tier.</param>
/// <param name="Filter">What a packet must have to match any of its rules.</param>
internal sealed record CompiledDirection(string Chain, bool HasRules, bool CanPass, PolicyFilter Filter);

/// <summary>A policy or profile as it was rendered.</summary>
internal sealed class CompiledPolicy
{
    /// <summary>The record.</summary>
    public required PolicyUpdate Source { get; set; }

    /// <summary>Towards the endpoint; null before it was rendered.</summary>
    public CompiledDirection? Ingress { get; set; }

    /// <summary>From the endpoint; null before it was rendered.</summary>
    public CompiledDirection? Egress { get; set; }

    /// <summary>The chains that hold its rules.</summary>
    public HashSet<string> Chains { get; } = [];

    /// <summary>The IP sets that its rules name.</summary>
    public HashSet<IpSetId> IpSets { get; } = [];

    /// <summary>One direction.</summary>
    public CompiledDirection? Of(PolicyDirection direction) => direction == PolicyDirection.Ingress ? Ingress : Egress;
}
