using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Policy.Graph;

/// <summary>A pod that is wired to this node, as the node's CNI knows it: it made the interface and gave the addresses.</summary>
/// <param name="Namespace">The pod's namespace.</param>
/// <param name="Name">The pod's name.</param>
/// <param name="HostInterface">The host's side of the veth pair.</param>
/// <param name="Addresses">The pod's addresses; they count before the pod's status shows them, and win over it.</param>
public sealed record LocalEndpoint(string Namespace, string Name, string HostInterface, ImmutableArray<IpAddr> Addresses)
{
    /// <summary>The interface's name inside the pod.</summary>
    public string Interface { get; init; } = "eth0";

    /// <summary>Further prefixes from which the pod may send.</summary>
    public ImmutableArray<IpPrefix> AllowedSources { get; init; } = [];

    /// <summary>The endpoint's identity in the contract.</summary>
    public EndpointId Id => new(Namespace, Name, Interface);
}
