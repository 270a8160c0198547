using CsCheck;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Graph;

/// <summary>Random ClusterNetworkPolicies, for <see cref="Universe"/>.</summary>
internal static class ClusterUniverse
{
    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<LabelSelector> Selector = Gen.OneOf(
        Gen.Const(new LabelSelector()),
        Gen.Select(One("app", "env"), One("a", "prod")).Select((k, v) => new LabelSelector { MatchLabels = new() { [k] = v } }));

    private static readonly Gen<NamespacedPod> Some = Gen.Select(Selector, Selector).Select((n, p) => new NamespacedPod { NamespaceSelector = n, PodSelector = p });

    private static readonly Gen<ClusterNetworkPolicySubject> Subject = Gen.OneOf(
        Selector.Select(s => new ClusterNetworkPolicySubject { Namespaces = s }), Some.Select(s => new ClusterNetworkPolicySubject { Pods = s }));

    private static readonly Gen<ClusterNetworkPolicyIngressPeer> Source = Gen.OneOf(
        Selector.Select(s => new ClusterNetworkPolicyIngressPeer { Namespaces = s }), Some.Select(s => new ClusterNetworkPolicyIngressPeer { Pods = s }));

    private static readonly Gen<ClusterNetworkPolicyEgressPeer> Destination = Gen.Frequency(
        (4, Selector.Select(s => new ClusterNetworkPolicyEgressPeer { Namespaces = s })),
        (4, Some.Select(s => new ClusterNetworkPolicyEgressPeer { Pods = s })),
        (2, Selector.Select(s => new ClusterNetworkPolicyEgressPeer { Nodes = s })),
        (4, One<List<string>>(["0.0.0.0/0"], ["10.0.0.2/32", "fd00::/64"], ["192.0.2.0/33"]).Select(n => new ClusterNetworkPolicyEgressPeer { Networks = n })),
        (1, Gen.Const(new ClusterNetworkPolicyEgressPeer { DomainNames = ["*.example.org"] })));

    private static readonly Gen<ClusterNetworkPolicyTransport> Transport = Gen.OneOf(
        One(80, 53, 0).Select(p => new ClusterNetworkPolicyPort { Number = p }),
        One(80, 53).Select(p => new ClusterNetworkPolicyPort { Range = new() { Start = p, End = p + 8 } }))
        .Select(port => new ClusterNetworkPolicyTransport { DestinationPort = port });

    private static readonly Gen<ClusterNetworkPolicyProtocol> Protocol = Gen.OneOf(
        Transport.Select(t => new ClusterNetworkPolicyProtocol { Tcp = t }),
        Transport.Select(t => new ClusterNetworkPolicyProtocol { Udp = t }),
        One("http", "dns").Select(n => new ClusterNetworkPolicyProtocol { DestinationNamedPort = n }));

    private static readonly Gen<List<ClusterNetworkPolicyProtocol>?> Protocols = Gen.Frequency(
        (1, Gen.Const((List<ClusterNetworkPolicyProtocol>?)null)), (2, Protocol.List[1, 3].Select(l => (List<ClusterNetworkPolicyProtocol>?)l)));

    private static readonly Gen<string> Action = One("Accept", "Deny", "Pass", "Accept", "Deny", "Pass", "Allow");

    private static readonly Gen<ClusterNetworkPolicyIngressRule> Ingress = Gen.Select(Action, Source.List[1, 2], Protocols)
        .Select((action, from, protocols) => new ClusterNetworkPolicyIngressRule { Action = action, From = from, Protocols = protocols });

    private static readonly Gen<ClusterNetworkPolicyEgressRule> Egress = Gen.Select(Action, Destination.List[0, 2], Protocols)
        .Select((action, to, protocols) => new ClusterNetworkPolicyEgressRule { Action = action, To = to, Protocols = protocols });

    /// <summary>What a policy demands, sometimes with mistakes.</summary>
    internal static readonly Gen<ClusterNetworkPolicySpec> Spec = Gen.Select(One("Admin", "Baseline"), Gen.Int[0, 2], Subject, Ingress.List[0, 3], Egress.List[0, 3])
        .Select((tier, priority, subject, ingress, egress) => new ClusterNetworkPolicySpec { Tier = tier, Priority = priority, Subject = subject, Ingress = ingress, Egress = egress });
}
