namespace Margay.Model.Resources;

/// <summary>What the two directions of cluster policy rules share.</summary>
public abstract class ClusterNetworkPolicyRule
{
    /// <summary>A name for people, at most 100 characters.</summary>
    public string? Name { get; set; }

    /// <summary>One of <see cref="ClusterNetworkPolicyAction"/>. Needed.</summary>
    public string? Action { get; set; }

    /// <summary>Protocols and ports, 1 to 25, any of them; absent matches all traffic.</summary>
    public List<ClusterNetworkPolicyProtocol>? Protocols { get; set; }
}

/// <summary>A rule for connections to the policy's pods.</summary>
public sealed class ClusterNetworkPolicyIngressRule : ClusterNetworkPolicyRule
{
    /// <summary>The sources, 1 to 25, any of them. Needed.</summary>
    public List<ClusterNetworkPolicyIngressPeer>? From { get; set; }
}

/// <summary>A rule for connections from the policy's pods.</summary>
public sealed class ClusterNetworkPolicyEgressRule : ClusterNetworkPolicyRule
{
    /// <summary>The destinations, 1 to 25, any of them. Needed.</summary>
    public List<ClusterNetworkPolicyEgressPeer>? To { get; set; }
}

/// <summary>What rules of cluster policies can do, as the API spells it.</summary>
public static class ClusterNetworkPolicyAction
{
    /// <summary>Lets the connection through; no other policy of this direction is asked.</summary>
    public const string Accept = "Accept";

    /// <summary>Drops the packet.</summary>
    public const string Deny = "Deny";

    /// <summary>Leaves the tier and goes on with the next.</summary>
    public const string Pass = "Pass";
}

/// <summary>
/// Where a connection may come from; exactly one field. One without any was written for a later version of the API, and a rule
/// with it fails closed.
/// </summary>
public class ClusterNetworkPolicyIngressPeer
{
    /// <summary>All pods of these namespaces, but those on the host's network.</summary>
    public LabelSelector? Namespaces { get; set; }

    /// <summary>Some pods of some namespaces, but those on the host's network.</summary>
    public NamespacedPod? Pods { get; set; }
}

/// <summary>Where a connection may go to; exactly one field.</summary>
public sealed class ClusterNetworkPolicyEgressPeer : ClusterNetworkPolicyIngressPeer
{
    /// <summary>Nodes by label, that is the addresses in their status; an empty selector means all nodes.</summary>
    public LabelSelector? Nodes { get; set; }

    /// <summary>Networks in CIDR notation, 1 to 25; pods that have an address in them match too.</summary>
    public List<string>? Networks { get; set; }

    /// <summary>
    /// Domain names, 1 to 25, only for <c>Accept</c>; <c>*.</c> in front stands for one or more labels.
    /// </summary>
    public List<string>? DomainNames { get; set; }
}

/// <summary>A protocol and what of it; exactly one field.</summary>
public sealed class ClusterNetworkPolicyProtocol
{
    /// <summary>TCP.</summary>
    public ClusterNetworkPolicyTransport? Tcp { get; set; }

    /// <summary>UDP.</summary>
    public ClusterNetworkPolicyTransport? Udp { get; set; }

    /// <summary>SCTP.</summary>
    public ClusterNetworkPolicyTransport? Sctp { get; set; }

    /// <summary>The port that the destination pod's containers declare under this name, with its protocol.</summary>
    public string? DestinationNamedPort { get; set; }
}

/// <summary>What is matched in TCP, UDP or SCTP.</summary>
public sealed class ClusterNetworkPolicyTransport
{
    /// <summary>The destination port. Needed.</summary>
    public ClusterNetworkPolicyPort? DestinationPort { get; set; }
}

/// <summary>Port numbers; exactly one field.</summary>
public sealed class ClusterNetworkPolicyPort
{
    /// <summary>One port, 1 to 65535.</summary>
    public int? Number { get; set; }

    /// <summary>A range.</summary>
    public ClusterNetworkPolicyPortRange? Range { get; set; }
}

/// <summary>A range of ports, both ends included.</summary>
public sealed class ClusterNetworkPolicyPortRange
{
    /// <summary>The first port, 1 to 65535. Needed.</summary>
    public int? Start { get; set; }

    /// <summary>The last port, above the first, to 65535. Needed.</summary>
    public int? End { get; set; }
}
