using Margay.Foundation.Primitives;

namespace Margay.Policy.Reachability.Hosts;

/// <summary>
/// A host's own processes at one of its addresses, with what its host endpoints decide. Whether the other end is a pod of the
/// same host, which no address tells, whoever asks must say.
/// </summary>
/// <param name="Place">Which host, which address.</param>
/// <param name="Atom">The atom of the address.</param>
/// <param name="FromNetwork">What is decided about connections to it, except from its own pods.</param>
/// <param name="ToNetwork">What is decided about its connections, except to its own pods: those are always allowed, and the pods' policy is not asked.</param>
/// <param name="FromOwnPods">What is decided about connections of its own pods beside their own egress policy.</param>
public sealed record HostEnd(HostPlace Place, int Atom, PeerDecisions FromNetwork, PeerDecisions ToNetwork, PeerDecisions FromOwnPods)
{
    /// <summary>The host.</summary>
    public string Node => Place.Node;

    /// <summary>The address.</summary>
    public IpAddr Address => Place.Address;

    /// <summary>What is decided about connections from somebody to it.</summary>
    /// <param name="peer">The atom of the other end.</param>
    /// <param name="ownPod">Whether the other end is a pod of this host.</param>
    public Decisions Ingress(int peer, bool ownPod) => (ownPod ? FromOwnPods : FromNetwork).At(peer);
}
