using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Hosts;

namespace Margay.Answers.Explain;

/// <summary>
/// Adds to the verdict about a connection what the policy of a host says that is one of its ends. Not part of it: what hosts on
/// the way say about packets that they forward.
/// </summary>
internal sealed class HostSides(PolicyWorld world, AddressOwners owners)
{
    private readonly HostPlaces _places = new(world.State);

    /// <summary>The verdict with the sides of hosts.</summary>
    public FlowVerdict Complete(FlowVerdict verdict)
    {
        if (_places.Places.Count == 0 || verdict.Outcome is not (FlowOutcome.Allowed or FlowOutcome.Denied)) return verdict;
        var (source, destination) = (At(verdict.Packet.Source), At(verdict.Packet.Destination));
        if ((source is null && destination is null) || source?.Node == destination?.Node) return verdict;
        var (from, to) = (PodAt(verdict.Packet.Source), PodAt(verdict.Packet.Destination));
        // A host reaches its own pods whatever policy says, theirs too.
        if (source is not null && to is { } own && world.NodeOf(own) == source.Node) return new FlowVerdict(FlowOutcome.Allowed, verdict.Packet, null, null);
        var egress = source is not null ? HostVerdicts.From(world.State, source, verdict.Packet) : verdict.Egress;
        if (egress is { Allowed: false }) return new FlowVerdict(FlowOutcome.Denied, verdict.Packet, egress, null);
        var ingress = destination is null ? verdict.Ingress
            : HostVerdicts.To(world.State, destination, verdict.Packet, from is { } pod && world.NodeOf(pod) == destination.Node ? pod : null);
        return new FlowVerdict(ingress is { Allowed: false } ? FlowOutcome.Denied : FlowOutcome.Allowed, verdict.Packet, egress, ingress);
    }

    /// <summary>What people must know about hosts and this connection.</summary>
    public IEnumerable<string> Remarks(FlowVerdict verdict)
    {
        if (world.State.HostEndpoints.Count == 0 || verdict.Packet.Source.Family == IpFamily.None) yield break;
        foreach (var (address, role) in new[] { (verdict.Packet.Source, "source"), (verdict.Packet.Destination, "destination") })
        {
            if (At(address) is { } place)
            {
                yield return $"{role} {address} is host {place.Node}: its host endpoints' policy is asked, as if the connection used the interface of that address";
                continue;
            }
            foreach (var (endpoint, why) in _places.Uncertain)
                if (world.State.HostEndpoints[endpoint].Addresses.Contains(address)) yield return $"{role} {address} is expected by host endpoint {endpoint}, whose policy is not asked here: {why}";
        }
        if (verdict.Packet.Source != default && HostCoverage.Of(world).Forwarding is { Length: > 0 } forwarding)
            yield return $"host endpoints on the way are not asked about traffic that passes through their host ({string.Join(", ", forwarding)} could stop some)";
    }

    private HostPlace? At(IpAddr address) => _places.Places.FirstOrDefault(p => p.Address == address);

    private EndpointId? PodAt(IpAddr address) =>
        owners.Find(address) is { } pod && new EndpointId(pod.Metadata.Namespace!, pod.Metadata.Name!, "eth0") is var id && world.State.Endpoints.ContainsKey(id) ? id : null;
}
