using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Twin;

/// <summary>
/// The policies of Kubernetes (networking.k8s.io/v1 and policy.networking.k8s.io/v1alpha2), written from the descriptions of
/// their fields.
/// </summary>
internal sealed class TwinKubernetes(IReadOnlyList<Resource> world, TwinPacket packet)
{
    /// <summary>"The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects."</summary>
    public static bool Matches(LabelSelector selector, Func<string, string?> label)
    {
        foreach (var (key, value) in selector.MatchLabels ?? [])
            if (label(key) != value) return false;
        foreach (var one in selector.MatchExpressions ?? [])
        {
            string? value = label(one.Key);
            bool fits = one.Operator switch
            {
                "In" => value is not null && one.Values!.Contains(value),
                "NotIn" => value is null || !one.Values!.Contains(value),
                "Exists" => value is not null,
                "DoesNotExist" => value is null,
                _ => throw new FormatException(one.Operator),
            };
            if (!fits) return false;
        }
        return true;
    }

    /// <summary>Absent types: ingress always, egress when there are egress rules.</summary>
    public static bool Governs(KubeNetworkPolicySpec spec, bool ingress)
    {
        if (spec.PolicyTypes is { Count: > 0 } types) return types.Contains(ingress ? "Ingress" : "Egress");
        return ingress || spec.Egress is { Count: > 0 };
    }

    /// <summary>
    /// Peers: one of them, all when there are none. Ports: likewise. "A named port is one that a pod whom the rule means
    /// declares": on the way out the very pod that fits the peer, not another one that has its address too.
    /// </summary>
    public bool Matches(string @namespace, List<KubePolicyPeer>? peers, List<KubePolicyPort>? ports, bool ingress)
    {
        if (peers is not { Count: > 0 }) return IsOneOf(ports, PodsAt(packet.Destination));
        foreach (var peer in peers)
        {
            if (peer.IpBlock is { } block)
            {
                if (IsIn(block, Peer(ingress)) && IsOneOf(ports, PodsAt(packet.Destination))) return true;
                continue;
            }
            var meant = PodsAt(Peer(ingress)).FindAll(pod => IsMeant(peer, @namespace, pod));
            if (meant.Count > 0 && IsOneOf(ports, ingress ? PodsAt(packet.Destination) : meant)) return true;
        }
        return false;
    }

    private IpAddr Peer(bool ingress) => ingress ? packet.Source : packet.Destination;

    private static bool IsIn(KubeIPBlock block, IpAddr address)
    {
        if (!IpPrefix.Parse(block.Cidr).Contains(address)) return false;
        foreach (string except in block.Except ?? [])
            if (IpPrefix.Parse(except).Contains(address)) return false;
        return true;
    }

    private static bool IsMeant(KubePolicyPeer peer, string @namespace, TwinParty pod)
    {
        bool namespaceFits = peer.NamespaceSelector is { } selector ? Matches(selector, pod.NamespaceLabel) : pod.Namespace == @namespace;
        return namespaceFits && (peer.PodSelector is null || Matches(peer.PodSelector, pod.Label));
    }

    private bool IsOneOf(List<KubePolicyPort>? ports, List<TwinParty> declaring)
    {
        if (ports is not { Count: > 0 }) return true;
        foreach (var port in ports)
            if (IsPort(port, declaring)) return true;
        return false;
    }

    private bool IsPort(KubePolicyPort port, List<TwinParty> declaring)
    {
        if (TwinNumbers.Protocol(port.Protocol ?? "TCP") != packet.Protocol) return false;
        if (port.Port is not { } wanted) return true;
        if (wanted.Number is { } first) return packet.DestinationPort >= first && packet.DestinationPort <= (port.EndPort ?? first);
        return Declares(declaring, wanted.Text!);
    }

    private bool Declares(List<TwinParty> pods, string name)
    {
        foreach (var pod in pods)
            if (pod.Ports.Contains(new TwinPort(name, packet.Protocol, packet.DestinationPort))) return true;
        return false;
    }

    private List<TwinParty> PodsAt(IpAddr address)
    {
        var pods = new List<TwinParty>();
        foreach (var resource in world)
            if (resource is Pod && TwinParty.From(world, resource) is { } party && party.IsAt(address)) pods.Add(party);
        return pods;
    }

    public static bool IsSubject(ClusterNetworkPolicySubject subject, TwinParty pod)
    {
        if (subject.Namespaces is { } namespaces) return Matches(namespaces, pod.NamespaceLabel);
        return Matches(subject.Pods!.NamespaceSelector!, pod.NamespaceLabel) && Matches(subject.Pods.PodSelector!, pod.Label);
    }

    /// <summary>"If any element matches": one peer and one protocol, if any are given. Named ports as above.</summary>
    public bool Matches(ClusterNetworkPolicyRule rule, IEnumerable<ClusterNetworkPolicyIngressPeer> peers, bool ingress)
    {
        foreach (var peer in peers)
        {
            var meant = PodsAt(Peer(ingress)).FindAll(pod => IsMeant(peer, pod));
            bool fits = meant.Count > 0 || (peer is ClusterNetworkPolicyEgressPeer egress && IsOutside(egress));
            if (fits && IsOneOf(rule.Protocols, ingress ? PodsAt(packet.Destination) : meant)) return true;
        }
        return false;
    }

    private static bool IsMeant(ClusterNetworkPolicyIngressPeer peer, TwinParty pod)
    {
        if (peer.Namespaces is { } namespaces) return Matches(namespaces, pod.NamespaceLabel);
        return peer.Pods is { } pods && Matches(pods.NamespaceSelector!, pod.NamespaceLabel) && Matches(pods.PodSelector!, pod.Label);
    }

    private bool IsOutside(ClusterNetworkPolicyEgressPeer peer)
    {
        foreach (string net in peer.Networks ?? [])
            if (IpPrefix.Parse(net).Contains(packet.Destination)) return true;
        return peer.Nodes is { } nodes && IsNode(nodes, packet.Destination);
    }

    private bool IsNode(LabelSelector selector, IpAddr address)
    {
        foreach (var resource in world)
        {
            if (resource is not Node node || !Matches(selector, key => node.Metadata.Labels?.GetValueOrDefault(key))) continue;
            foreach (var given in node.Status?.Addresses ?? [])
                if (IpAddr.TryParse(given.Address, out var own) && own == address) return true;
        }
        return false;
    }

    private bool IsOneOf(List<ClusterNetworkPolicyProtocol>? protocols, List<TwinParty> declaring)
    {
        if (protocols is not { Count: > 0 }) return true;
        foreach (var protocol in protocols)
            if (IsProtocol(protocol, declaring)) return true;
        return false;
    }

    private bool IsProtocol(ClusterNetworkPolicyProtocol protocol, List<TwinParty> declaring)
    {
        if (protocol.DestinationNamedPort is { Length: > 0 } name) return Declares(declaring, name);
        var (number, transport) = protocol switch
        {
            { Tcp: { } tcp } => (6, tcp),
            { Udp: { } udp } => (17, udp),
            _ => (132, protocol.Sctp!),
        };
        if (number != packet.Protocol) return false;
        if (transport.DestinationPort?.Number is { } single) return packet.DestinationPort == single;
        return transport.DestinationPort?.Range is not { } range
            || (packet.DestinationPort >= range.Start && packet.DestinationPort <= range.End);
    }
}
