using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Conntrack;
using Margay.Policy.Evaluation;
using Margay.Policy.Evaluation.Hot;

namespace Margay.Node.Connections;

/// <summary>Says of tracked connections whether the policy of this node's endpoints allows them. Not for several threads.</summary>
internal sealed class FlowJudge
{
    private readonly FlowDecider _decider = new();
    private readonly Dictionary<IpAddr, EndpointId> _owners = [];
    private readonly Dictionary<EndpointId, ImmutableArray<IpAddr>> _addresses = [];

    /// <summary>Takes what the data plane was told.</summary>
    public void Apply(IReadOnlyList<DataplaneUpdate> records)
    {
        _decider.Apply(records);
        foreach (var record in records)
        {
            switch (record)
            {
                case WorkloadEndpointUpdate update:
                    Forget(update.Id);
                    _addresses[update.Id] = update.Addresses;
                    foreach (var address in update.Addresses) _owners[address] = update.Id;
                    break;
                case WorkloadEndpointRemove remove:
                    Forget(remove.Id);
                    break;
            }
        }
    }

    /// <summary>True, false, or null when neither end is an endpoint of this node.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="host">The node's own addresses: what it opens to its pods is always allowed.</param>
    public bool? Allows(ConntrackEntry connection, IReadOnlySet<IpAddr> host)
    {
        // The reply's source is the destination after translation: policy is about pods, not about service addresses.
        var from = connection.Original.Source;
        var to = connection.Reply.Source;
        bool fromHere = _owners.TryGetValue(from, out var source);
        bool toHere = _owners.TryGetValue(to, out var destination);
        if (!fromHere && !toHere) return null;
        // A pod that talks to itself does not pass its interface.
        if ((fromHere && toHere && source == destination) || host.Contains(from)) return true;
        var packet = new Packet(from, to, connection.Original.Protocol)
        {
            SourcePort = connection.Original.SourcePort,
            DestinationPort = connection.Reply.SourcePort,
            IcmpType = connection.Original.IcmpType,
            IcmpCode = connection.Original.IcmpCode,
        };
        if (fromHere && !_decider.Decide(source, PolicyDirection.Egress, packet).Allowed) return false;
        return !toHere || _decider.Decide(destination, PolicyDirection.Ingress, packet).Allowed;
    }

    private void Forget(EndpointId endpoint)
    {
        if (!_addresses.Remove(endpoint, out var addresses)) return;
        foreach (var address in addresses)
        {
            if (_owners.TryGetValue(address, out var owner) && owner == endpoint) _owners.Remove(address);
        }
    }
}
