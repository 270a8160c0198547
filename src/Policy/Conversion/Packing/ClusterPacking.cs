using Margay.Model.Resources;

namespace Margay.Policy.Conversion.Packing;

/// <summary>The specs of <c>policy.networking.k8s.io</c> policies.</summary>
internal static class ClusterPacking
{
    internal static void Write(SpecWriter to, ClusterNetworkPolicySpec spec)
    {
        to.Text(spec.Tier);
        to.Number(spec.Priority);
        if (to.Has(spec.Subject is not null))
        {
            KubernetesPacking.Write(to, spec.Subject!.Namespaces);
            Write(to, spec.Subject.Pods);
        }
        to.List(spec.Ingress, static (t, rule) =>
        {
            Write(t, rule);
            t.List(rule.From, Write);
        });
        to.List(spec.Egress, static (t, rule) =>
        {
            Write(t, rule);
            t.List(rule.To, WriteEgress);
        });
    }

    internal static ClusterNetworkPolicySpec Read(SpecReader from) => new()
    {
        Tier = from.Text(),
        Priority = from.Number(),
        Subject = from.Maybe(static f => new ClusterNetworkPolicySubject { Namespaces = KubernetesPacking.ReadSelector(f), Pods = ReadPods(f) }),
        Ingress = from.List(static f =>
        {
            var rule = new ClusterNetworkPolicyIngressRule();
            Read(f, rule);
            rule.From = f.List(static g => Read(g, new ClusterNetworkPolicyIngressPeer()));
            return rule;
        }),
        Egress = from.List(static f =>
        {
            var rule = new ClusterNetworkPolicyEgressRule();
            Read(f, rule);
            rule.To = f.List(ReadEgress);
            return rule;
        }),
    };

    private static void Write(SpecWriter to, ClusterNetworkPolicyRule rule)
    {
        to.Text(rule.Name);
        to.Text(rule.Action);
        to.List(rule.Protocols, static (t, protocol) =>
        {
            Write(t, protocol.Tcp);
            Write(t, protocol.Udp);
            Write(t, protocol.Sctp);
            t.Text(protocol.DestinationNamedPort);
        });
    }

    private static void Read(SpecReader from, ClusterNetworkPolicyRule into)
    {
        into.Name = from.Text();
        into.Action = from.Text();
        into.Protocols = from.List(static f => new ClusterNetworkPolicyProtocol
        {
            Tcp = ReadTransport(f), Udp = ReadTransport(f), Sctp = ReadTransport(f), DestinationNamedPort = f.Text(),
        });
    }

    private static void Write(SpecWriter to, ClusterNetworkPolicyTransport? transport)
    {
        if (!to.Has(transport is not null) || !to.Has(transport!.DestinationPort is not null)) return;
        to.Number(transport.DestinationPort!.Number);
        if (!to.Has(transport.DestinationPort.Range is not null)) return;
        to.Number(transport.DestinationPort.Range!.Start);
        to.Number(transport.DestinationPort.Range.End);
    }

    private static ClusterNetworkPolicyTransport? ReadTransport(SpecReader from) => from.Maybe(static f => new ClusterNetworkPolicyTransport
    {
        DestinationPort = f.Maybe(static g => new ClusterNetworkPolicyPort
        {
            Number = g.Number(),
            Range = g.Maybe(static h => new ClusterNetworkPolicyPortRange { Start = h.Number(), End = h.Number() }),
        }),
    });

    private static void Write(SpecWriter to, ClusterNetworkPolicyIngressPeer peer)
    {
        KubernetesPacking.Write(to, peer.Namespaces);
        Write(to, peer.Pods);
    }

    private static TPeer Read<TPeer>(SpecReader from, TPeer into) where TPeer : ClusterNetworkPolicyIngressPeer
    {
        into.Namespaces = KubernetesPacking.ReadSelector(from);
        into.Pods = ReadPods(from);
        return into;
    }

    private static void WriteEgress(SpecWriter to, ClusterNetworkPolicyEgressPeer peer)
    {
        Write(to, peer);
        KubernetesPacking.Write(to, peer.Nodes);
        to.Texts(peer.Networks);
        to.Texts(peer.DomainNames);
    }

    private static ClusterNetworkPolicyEgressPeer ReadEgress(SpecReader from)
    {
        var peer = Read(from, new ClusterNetworkPolicyEgressPeer());
        peer.Nodes = KubernetesPacking.ReadSelector(from);
        peer.Networks = from.Texts();
        peer.DomainNames = from.Texts();
        return peer;
    }

    private static void Write(SpecWriter to, NamespacedPod? pods)
    {
        if (!to.Has(pods is not null)) return;
        KubernetesPacking.Write(to, pods!.NamespaceSelector);
        KubernetesPacking.Write(to, pods.PodSelector);
    }

    private static NamespacedPod? ReadPods(SpecReader from) => from.Maybe(static f => new NamespacedPod
    {
        NamespaceSelector = KubernetesPacking.ReadSelector(f), PodSelector = KubernetesPacking.ReadSelector(f),
    });
}
