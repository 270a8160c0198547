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

    /// <summary>Peers: one of them, all when there are none. Ports: likewise.</summary>
    public bool Matches(string @namespace, List<KubePolicyPeer>? peers, List<KubePolicyPort>? ports, IpAddr peer)
    {
        bool peerFits = peers is not { Count: > 0 };
        foreach (var one in peers ?? []) peerFits |= IsPeer(@namespace, one, peer);
        bool portFits = ports is not { Count: > 0 };
        foreach (var one in ports ?? []) portFits |= IsPort(one);
        return peerFits && portFits;
    }

    private bool IsPeer(string @namespace, KubePolicyPeer peer, IpAddr address)
    {
        if (peer.IpBlock is { } block)
        {
            if (!IpPrefix.Parse(block.Cidr).Contains(address)) return false;
            foreach (string except in block.Except ?? [])
                if (IpPrefix.Parse(except).Contains(address)) return false;
            return true;
        }
        foreach (var pod in PodsAt(address))
        {
            bool namespaceFits = peer.NamespaceSelector is { } selector ? Matches(selector, pod.NamespaceLabel) : pod.Namespace == @namespace;
            if (namespaceFits && (peer.PodSelector is null || Matches(peer.PodSelector, pod.Label))) return true;
        }
        return false;
    }

    private bool IsPort(KubePolicyPort port)
    {
        if (TwinNumbers.Protocol(port.Protocol ?? "TCP") != packet.Protocol) return false;
        if (port.Port is not { } wanted) return true;
        if (wanted.Number is { } first) return packet.DestinationPort >= first && packet.DestinationPort <= (port.EndPort ?? first);
        return DestinationDeclares(wanted.Text!);
    }

    private bool DestinationDeclares(string name)
    {
        foreach (var pod in PodsAt(packet.Destination))
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

    public bool Matches(ClusterNetworkPolicyRule rule, IEnumerable<ClusterNetworkPolicyIngressPeer> peers, IpAddr peer)
    {
        bool peerFits = false;
        foreach (var one in peers) peerFits |= IsPeer(one, peer);
        bool protocolFits = rule.Protocols is not { Count: > 0 };
        foreach (var one in rule.Protocols ?? []) protocolFits |= IsProtocol(one);
        return peerFits && protocolFits;
    }

    private bool IsPeer(ClusterNetworkPolicyIngressPeer peer, IpAddr address)
    {
        foreach (var pod in PodsAt(address))
        {
            if (peer.Namespaces is { } namespaces && Matches(namespaces, pod.NamespaceLabel)) return true;
            if (peer.Pods is { } pods && Matches(pods.NamespaceSelector!, pod.NamespaceLabel) && Matches(pods.PodSelector!, pod.Label)) return true;
        }
        if (peer is not ClusterNetworkPolicyEgressPeer egress) return false;
        foreach (string net in egress.Networks ?? [])
            if (IpPrefix.Parse(net).Contains(address)) return true;
        return egress.Nodes is { } nodes && IsNode(nodes, address);
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

    private bool IsProtocol(ClusterNetworkPolicyProtocol protocol)
    {
        if (protocol.DestinationNamedPort is { Length: > 0 } name) return DestinationDeclares(name);
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
