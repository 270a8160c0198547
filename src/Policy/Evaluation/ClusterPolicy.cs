using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Graph;
using Margay.Policy.Labels;

namespace Margay.Policy.Evaluation;

/// <summary>
/// The policy of a whole cluster, without any node: a graph in which every pod is local, and the evaluator on top. For
/// <c>explain</c>, for matrices, and for asking what a change would do. Not for concurrent use.
/// </summary>
public sealed class ClusterPolicy
{
    private readonly PolicyGraph _graph = new("");
    private readonly CompiledState _state = new();
    private readonly LabelPool _pool = new();
    private readonly Dictionary<(string Namespace, string Name), ImmutableArray<IpAddr>> _pods = [];

    /// <summary>An empty cluster.</summary>
    public ClusterPolicy() => _graph.MarkInSync();

    /// <summary>What could not be understood in policies that are in use, and is closed.</summary>
    public IEnumerable<PolicyProblem> Problems
    {
        get
        {
            _ = State;
            return _graph.Problems;
        }
    }

    /// <summary>The compiled policy, up to date.</summary>
    public CompiledState State
    {
        get
        {
            _state.Apply(_graph.Drain());
            return _state;
        }
    }

    /// <summary>The time, for policies that say from when or until when they count. While it is not known, they deny.</summary>
    public void SetTime(DateTimeOffset now) => _graph.SetTime(now);

    /// <summary>Takes a change of one resource.</summary>
    public void Apply(in ResourceUpdate update)
    {
        _graph.Apply(update);
        if (update.Key.Kind != "Pod") return;
        var (_, _, @namespace, name) = update.Key;
        var facts = update.Value is Pod pod ? PodFacts.Read(pod, @namespace, _pool) : null;
        if (facts is { IsEndpoint: true, Addresses.Length: > 0 })
        {
            _pods[(@namespace, name)] = [.. facts.Addresses];
            _graph.SetLocalEndpoint(new LocalEndpoint(@namespace, name, "", [.. facts.Addresses]));
        }
        else if (_pods.Remove((@namespace, name)))
        {
            _graph.RemoveLocalEndpoint(@namespace, name);
        }
    }

    /// <summary>Takes resources as they are.</summary>
    public void Apply(IEnumerable<Resource> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        foreach (var resource in resources) Apply(new ResourceUpdate(resource.Key, resource));
    }

    /// <summary>Decides about a connection.</summary>
    /// <param name="source">Who opens it.</param>
    /// <param name="destination">To whom; for a service, the backend.</param>
    /// <param name="protocol">The IP protocol number.</param>
    /// <param name="port">The destination port; for ICMP the type in the upper and the code in the lower byte.</param>
    /// <param name="family">The address family; none: IPv4 when both ends have it, else IPv6.</param>
    /// <param name="sourcePort">The source port; some ephemeral one when nothing else is said.</param>
    public FlowVerdict Evaluate(
        FlowEnd source, FlowEnd destination, byte protocol, ushort port, IpFamily family = IpFamily.None, ushort sourcePort = 49152)
    {
        var outcome = Find(source, destination, protocol, port, family, sourcePort, out var packet);
        return outcome == FlowOutcome.Allowed ? Evaluate(packet, PodOf(source), PodOf(destination)) : new FlowVerdict(outcome, default, null, null);
    }

    /// <summary>Decides about a connection, and says beside it what would happen if every staged policy were enforced.</summary>
    /// <param name="source">Who opens it.</param>
    /// <param name="destination">To whom; for a service, the backend.</param>
    /// <param name="protocol">The IP protocol number.</param>
    /// <param name="port">The destination port; for ICMP the type in the upper and the code in the lower byte.</param>
    /// <param name="family">The address family; none: IPv4 when both ends have it, else IPv6.</param>
    /// <param name="sourcePort">The source port; some ephemeral one when nothing else is said.</param>
    public StagedFlowVerdict EvaluateStaged(
        FlowEnd source, FlowEnd destination, byte protocol, ushort port, IpFamily family = IpFamily.None, ushort sourcePort = 49152)
    {
        var outcome = Find(source, destination, protocol, port, family, sourcePort, out var packet);
        var nothing = new FlowVerdict(outcome, default, null, null);
        return outcome == FlowOutcome.Allowed ? EvaluateStaged(packet, PodOf(source), PodOf(destination)) : new StagedFlowVerdict(nothing, nothing);
    }

    /// <summary>Decides about a packet's passage through a node, with the node's host endpoints.</summary>
    /// <param name="node">The node.</param>
    /// <param name="passage">Where the packet comes from and goes to.</param>
    public PassageVerdict Evaluate(string node, HostPassage passage) => new HostEvaluator(State, node).Evaluate(passage);

    /// <summary>Decides about a packet's passage through a node, and what would happen if every staged policy were enforced.</summary>
    /// <param name="node">The node.</param>
    /// <param name="passage">Where the packet comes from and goes to.</param>
    public StagedPassageVerdict EvaluateStaged(string node, HostPassage passage) => new HostEvaluator(State, node).EvaluateStaged(passage);

    /// <summary>The pods that are endpoints, in order of namespace and name.</summary>
    public IEnumerable<FlowEnd> Pods() =>
        _pods.Keys.OrderBy(p => p.Namespace, StringComparer.Ordinal).ThenBy(p => p.Name, StringComparer.Ordinal).Select(p => FlowEnd.Pod(p.Namespace, p.Name));

    /// <summary>The packet to ask about; Allowed when there is one, else why there is none.</summary>
    private FlowOutcome Find(FlowEnd source, FlowEnd destination, byte protocol, ushort port, IpFamily family, ushort sourcePort, out Packet packet)
    {
        packet = default;
        var from = AddressesOf(source);
        var to = AddressesOf(destination);
        if (from.IsEmpty || to.IsEmpty) return FlowOutcome.UnknownEnd;
        if (Pair(from, to, family) is not var (sourceAddress, destinationAddress)) return FlowOutcome.NoCommonFamily;
        packet = new Packet(sourceAddress, destinationAddress, protocol)
        {
            SourcePort = sourcePort,
            DestinationPort = port,
            IcmpType = (byte)(port >> 8),
            IcmpCode = (byte)port,
        };
        return FlowOutcome.Allowed;
    }

    private FlowVerdict Evaluate(in Packet packet, EndpointId? source, EndpointId? destination)
    {
        // A pod talks to itself without leaving its own namespace: no interface, no policy.
        if (source is not null && source == destination) return new FlowVerdict(FlowOutcome.Allowed, packet, null, null);
        var evaluator = new Evaluator(State);
        var egress = source is { } from ? evaluator.Evaluate(from, PolicyDirection.Egress, packet) : null;
        if (egress is { Allowed: false }) return new FlowVerdict(FlowOutcome.Denied, packet, egress, null);
        return Join(packet, egress, destination is { } to ? evaluator.Evaluate(to, PolicyDirection.Ingress, packet) : null);
    }

    private StagedFlowVerdict EvaluateStaged(in Packet packet, EndpointId? source, EndpointId? destination)
    {
        if (source is not null && source == destination) (source, destination) = (null, null);
        var evaluator = new Evaluator(State);
        var egress = source is { } from ? evaluator.EvaluateStaged(from, PolicyDirection.Egress, packet) : null;
        var ingress = destination is { } to ? evaluator.EvaluateStaged(to, PolicyDirection.Ingress, packet) : null;
        return new StagedFlowVerdict(Join(packet, egress?.Enforced, ingress?.Enforced), Join(packet, egress?.Pending, ingress?.Pending));
    }

    private static FlowVerdict Join(in Packet packet, Verdict? egress, Verdict? ingress) => egress is { Allowed: false }
        ? new FlowVerdict(FlowOutcome.Denied, packet, egress, null)
        : new FlowVerdict(ingress is { Allowed: false } ? FlowOutcome.Denied : FlowOutcome.Allowed, packet, egress, ingress);

    private static (IpAddr Source, IpAddr Destination)? Pair(ImmutableArray<IpAddr> from, ImmutableArray<IpAddr> to, IpFamily family)
    {
        foreach (var candidate in (ReadOnlySpan<IpFamily>)[IpFamily.V4, IpFamily.V6])
        {
            if (family != IpFamily.None && family != candidate) continue;
            foreach (var source in from)
                foreach (var destination in to)
                    if (source.Family == candidate && destination.Family == candidate) return (source, destination);
        }
        return null;
    }

    private ImmutableArray<IpAddr> AddressesOf(FlowEnd end)
    {
        if (end.PodName is null) return end.Address.Family == IpFamily.None ? [] : [end.Address];
        return _pods.TryGetValue((end.Namespace!, end.PodName), out var addresses) ? addresses : [];
    }

    /// <summary>The endpoint at an end: the pod that was named, or the one that has the address.</summary>
    private EndpointId? PodOf(FlowEnd end)
    {
        if (end.PodName is not null) return new EndpointId(end.Namespace!, end.PodName, "eth0");
        EndpointId? owner = null;
        foreach (var ((@namespace, name), addresses) in _pods)
        {
            if (!addresses.Contains(end.Address)) continue;
            var id = new EndpointId(@namespace, name, "eth0");
            if (owner is not { } other || string.CompareOrdinal(id.ToString(), other.ToString()) < 0) owner = id;
        }
        return owner;
    }
}
