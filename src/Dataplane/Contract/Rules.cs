using System.Collections.Immutable;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Contract;

/// <summary>What a rule does with a packet that matches it.</summary>
public enum RuleAction
{
    /// <summary>The packet passes this direction of the endpoint's policy.</summary>
    Allow,

    /// <summary>The packet is dropped.</summary>
    Deny,

    /// <summary>The packet is logged and the next rule is looked at.</summary>
    Log,

    /// <summary>The rest of the tier is skipped; after the last tier the profiles decide.</summary>
    Pass,
}

/// <summary>The direction of policy, seen from the endpoint: ingress is towards it, egress is from it.</summary>
public enum PolicyDirection
{
    /// <summary>Towards the endpoint.</summary>
    Ingress,

    /// <summary>From the endpoint.</summary>
    Egress,
}

/// <summary>The kinds of resource that rules come from.</summary>
public enum PolicyKind
{
    /// <summary><c>projectcalico.org/v3</c> NetworkPolicy.</summary>
    NetworkPolicy,

    /// <summary><c>projectcalico.org/v3</c> GlobalNetworkPolicy.</summary>
    GlobalNetworkPolicy,

    /// <summary><c>networking.k8s.io/v1</c> NetworkPolicy.</summary>
    KubernetesNetworkPolicy,

    /// <summary>A profile; the tier is empty.</summary>
    Profile,

    /// <summary><c>projectcalico.org/v3</c> StagedNetworkPolicy: never enforced.</summary>
    StagedNetworkPolicy,

    /// <summary><c>projectcalico.org/v3</c> StagedGlobalNetworkPolicy: never enforced.</summary>
    StagedGlobalNetworkPolicy,

    /// <summary><c>projectcalico.org/v3</c> StagedKubernetesNetworkPolicy: never enforced.</summary>
    StagedKubernetesNetworkPolicy,

    /// <summary><c>policy.networking.k8s.io</c> ClusterNetworkPolicy.</summary>
    ClusterNetworkPolicy,
}

/// <summary>The identity of a policy.</summary>
/// <param name="Kind">The kind of resource.</param>
/// <param name="Namespace">Its namespace; empty for cluster-wide kinds and profiles.</param>
/// <param name="Name">Its name, as in the API.</param>
public readonly record struct PolicyId(PolicyKind Kind, string Namespace, string Name)
{
    /// <summary>True for the kinds that are evaluated and never enforced.</summary>
    public bool IsStaged => Kind != Counterpart.Kind;

    /// <summary>The policy that enforcing this one would make, replace or delete; an enforced policy itself.</summary>
    public PolicyId Counterpart => Kind switch
    {
        PolicyKind.StagedNetworkPolicy => this with { Kind = PolicyKind.NetworkPolicy },
        PolicyKind.StagedGlobalNetworkPolicy => this with { Kind = PolicyKind.GlobalNetworkPolicy },
        PolicyKind.StagedKubernetesNetworkPolicy => this with { Kind = PolicyKind.KubernetesNetworkPolicy },
        _ => this,
    };

    /// <summary>The staged policy that would become this one; profiles have none, and a staged policy is its own.</summary>
    public PolicyId Staged => Kind switch
    {
        PolicyKind.NetworkPolicy => this with { Kind = PolicyKind.StagedNetworkPolicy },
        PolicyKind.GlobalNetworkPolicy => this with { Kind = PolicyKind.StagedGlobalNetworkPolicy },
        PolicyKind.KubernetesNetworkPolicy => this with { Kind = PolicyKind.StagedKubernetesNetworkPolicy },
        _ => this,
    };

    /// <summary>
    /// For people and kernel comments: <c>np:ns/name</c>, <c>gnp:name</c>, <c>knp:ns/name</c>, <c>kcnp:name</c>, <c>profile:name</c>; staged ones have an
    /// <c>s</c> in front.
    /// </summary>
    public override string ToString()
    {
        string kind = Kind switch
        {
            PolicyKind.NetworkPolicy => "np",
            PolicyKind.GlobalNetworkPolicy => "gnp",
            PolicyKind.KubernetesNetworkPolicy => "knp",
            PolicyKind.ClusterNetworkPolicy => "kcnp",
            PolicyKind.StagedNetworkPolicy => "snp",
            PolicyKind.StagedGlobalNetworkPolicy => "sgnp",
            PolicyKind.StagedKubernetesNetworkPolicy => "sknp",
            _ => "profile",
        };
        return Namespace.Length == 0 ? $"{kind}:{Name}" : $"{kind}:{Namespace}/{Name}";
    }
}

/// <summary>The stable identity of a rule: what the kernel reports with a packet and what people are told.</summary>
/// <param name="Tier">The tier's name; empty for profiles.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Direction">Ingress or egress.</param>
/// <param name="Index">Position in the resource's list of rules, from 0; -1 is the end of the tier or the profiles.</param>
public readonly record struct RuleId(string Tier, PolicyId Policy, PolicyDirection Direction, int Index)
{
    /// <summary>For example <c>default/np:shop/frontend/ingress/0</c>.</summary>
    public override string ToString() =>
        $"{(Tier.Length == 0 ? "-" : Tier)}/{Policy}/{(Direction == PolicyDirection.Ingress ? "ingress" : "egress")}/{Index}";
}

/// <summary>An inclusive range of ports.</summary>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>True when the port is inside.</summary>
    public bool Contains(ushort port) => port >= First && port <= Last;

    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}

/// <summary>An ICMP match (RFC 792, RFC 4443).</summary>
/// <param name="Type">The type, or null for every type.</param>
/// <param name="Code">The code, or null for every code; only with a type.</param>
public readonly record struct IcmpMatch(byte? Type, byte? Code);

/// <summary>
/// One side of a rule. All parts that are present must hold together. Where one part lists alternatives
/// (<see cref="Nets"/>, and <see cref="Ports"/> together with <see cref="NamedPortSets"/>), one of them is enough.
/// An empty array means that the part is absent, except where <see cref="MatchesNothing"/> says otherwise.
/// </summary>
public sealed record EntityMatch
{
    /// <summary>Matches everything.</summary>
    public static EntityMatch Any { get; } = new();

    /// <summary>The address is in one of these prefixes.</summary>
    public ImmutableArray<IpPrefix> Nets { get; init; } = [];

    /// <summary>The address is in none of these prefixes.</summary>
    public ImmutableArray<IpPrefix> NotNets { get; init; } = [];

    /// <summary>The address is a member of every one of these <see cref="IpSetKind.Net"/> sets.</summary>
    public ImmutableArray<IpSetId> IpSets { get; init; } = [];

    /// <summary>The address is a member of none of these <see cref="IpSetKind.Net"/> sets.</summary>
    public ImmutableArray<IpSetId> NotIpSets { get; init; } = [];

    /// <summary>The port is in one of these ranges (or in one of <see cref="NamedPortSets"/>).</summary>
    public ImmutableArray<PortRange> Ports { get; init; } = [];

    /// <summary>(address, protocol, port) of this side is a member of one of these <see cref="IpSetKind.AddressAndPort"/> sets.</summary>
    public ImmutableArray<IpSetId> NamedPortSets { get; init; } = [];

    /// <summary>The port is in none of these ranges.</summary>
    public ImmutableArray<PortRange> NotPorts { get; init; } = [];

    /// <summary>(address, protocol, port) of this side is in none of these sets.</summary>
    public ImmutableArray<IpSetId> NotNamedPortSets { get; init; } = [];

    /// <summary>(address, protocol, port) is a member of this <see cref="IpSetKind.AddressAndPort"/> set: a service as a peer.</summary>
    public IpSetId? ServiceSet { get; init; }

    /// <summary>The side can match no packet (for example a selector that contradicts itself); the rule is kept for its index.</summary>
    public bool MatchesNothing { get; init; }

    /// <summary>By content, lists included.</summary>
    public bool Equals(EntityMatch? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && MatchesNothing == other.MatchesNothing && ServiceSet == other.ServiceSet
            && Content.Same(Nets, other.Nets) && Content.Same(NotNets, other.NotNets)
            && Content.Same(IpSets, other.IpSets) && Content.Same(NotIpSets, other.NotIpSets)
            && Content.Same(Ports, other.Ports) && Content.Same(NotPorts, other.NotPorts)
            && Content.Same(NamedPortSets, other.NamedPortSets) && Content.Same(NotNamedPortSets, other.NotNamedPortSets));

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(
            Content.Hash(Nets), Content.Hash(NotNets), Content.Hash(IpSets), Content.Hash(NotIpSets),
            Content.Hash(Ports), Content.Hash(NamedPortSets), ServiceSet, MatchesNothing);
}

/// <summary>
/// A rule, fully resolved and neutral to the data plane. A packet matches when every part that is present holds.
/// A part that does not apply to the packet (ports of an ICMP packet) does not hold, and its negation does hold.
/// </summary>
public sealed record PolicyRule
{
    /// <summary>The rule's identity.</summary>
    public required RuleId Id { get; init; }

    /// <summary>What to do with a packet that matches.</summary>
    public required RuleAction Action { get; init; }

    /// <summary>Only packets of this family; null for both.</summary>
    public IpFamily? Family { get; init; }

    /// <summary>The IP protocol number; null for every protocol.</summary>
    public byte? Protocol { get; init; }

    /// <summary>Every protocol but this.</summary>
    public byte? NotProtocol { get; init; }

    /// <summary>The ICMP or ICMPv6 type and code.</summary>
    public IcmpMatch? Icmp { get; init; }

    /// <summary>Packets that are not ICMP messages of this type and code.</summary>
    public IcmpMatch? NotIcmp { get; init; }

    /// <summary>The HTTP requests that an Allow rule is about; null for all traffic. Who sees no requests matches nothing by it.</summary>
    public HttpRequests? Http { get; init; }

    /// <summary>Whether a Deny rule answers with an error instead of silence. Denied is denied: who cannot answer drops.</summary>
    public bool Reject { get; init; }

    /// <summary>The side the packet comes from.</summary>
    public EntityMatch Source { get; init; } = EntityMatch.Any;

    /// <summary>The side the packet goes to.</summary>
    public EntityMatch Destination { get; init; } = EntityMatch.Any;
}
