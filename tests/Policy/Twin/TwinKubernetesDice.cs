using Margay.Model.Resources;

namespace Margay.Policy.Tests.Twin;

/// <summary>Random Kubernetes policies, valid ones only.</summary>
internal sealed class TwinKubernetesDice(TwinDice dice)
{
    private LabelSelector Selector(params string[] keys) => dice.Next(5) switch
    {
        0 => new(),
        1 or 2 => new() { MatchLabels = new() { [dice.Pick<string>(keys)] = dice.Pick("a", "b", "prod", "x", "front") } },
        3 => new() { MatchExpressions = [Requirement(keys)] },
        _ => new() { MatchLabels = new() { [keys[0]] = dice.Pick("a", "prod") }, MatchExpressions = [Requirement(keys), Requirement(keys)] },
    };

    private LabelSelectorRequirement Requirement(string[] keys)
    {
        string op = dice.Pick("In", "NotIn", "Exists", "DoesNotExist");
        return new() { Key = dice.Pick<string>(keys), Operator = op, Values = op is "In" or "NotIn" ? dice.Pick<List<string>>(["a"], ["a", "prod"], ["x", "front"]) : null };
    }

    private LabelSelector Pods() => Selector("app", "tier", "role");

    private LabelSelector Namespaces() => Selector("env", "team", "kubernetes.io/metadata.name");

    private KubePolicyPeer Peer() => dice.Next(4) switch
    {
        0 => new() { PodSelector = Pods() },
        1 => new() { NamespaceSelector = Namespaces() },
        2 => new() { PodSelector = Pods(), NamespaceSelector = Namespaces() },
        _ => new() { IpBlock = dice.Pick<KubeIPBlock>(
            new() { Cidr = "10.0.0.0/24", Except = ["10.0.0.1/32", "10.0.0.4/31"] }, new() { Cidr = "0.0.0.0/0", Except = ["10.0.0.0/8"] },
            new() { Cidr = "10.0.0.2/32", Except = ["fd00::1/128"] }, new() { Cidr = "fd00::/16", Except = ["fd00::1/128"] }, new() { Cidr = "0.0.0.0/0", Except = [] }, new() { Cidr = "::/0" }) },
    };

    private KubePolicyPort Port() => dice.Next(8) switch
    {
        0 or 7 => new() { Protocol = dice.Maybe(60, "TCP", "UDP", "SCTP") },
        1 => new() { Port = 79, EndPort = 90 },
        2 => new() { Port = 80, EndPort = 80, Protocol = "TCP" },
        3 => new() { Port = "http" },
        4 => new() { Port = dice.Pick<IntOrString>("dns", "api"), Protocol = dice.Maybe(60, "TCP", "UDP") },
        _ => new() { Port = dice.Pick<IntOrString>(80, 53, 8080), Protocol = dice.Maybe(60, "TCP", "UDP", "SCTP") },
    };

    private List<T>? List<T>(Func<T> make) => dice.OnceIn(4) ? null : dice.Many(2, make);

    public T Fill<T>(T spec) where T : KubeNetworkPolicySpec
    {
        spec.PodSelector = Pods();
        spec.Ingress = List(() => new KubeIngressRule { From = List(Peer), Ports = dice.OnceIn(4) ? null : dice.Many(4, Port) });
        spec.Egress = List(() => new KubeEgressRule { To = List(Peer), Ports = dice.OnceIn(4) ? null : dice.Many(4, Port) });
        spec.PolicyTypes = dice.Next(6) switch { 0 => ["Ingress"], 1 => ["Egress"], 2 => ["Ingress", "Egress"], 3 => [], _ => null };
        return spec;
    }

    private NamespacedPod NamespacedPod() => new() { NamespaceSelector = Namespaces(), PodSelector = Pods() };

    private T Peer<T>() where T : ClusterNetworkPolicyIngressPeer, new() =>
        dice.OnceIn(2) ? new() { Namespaces = Namespaces() } : new() { Pods = NamespacedPod() };

    private ClusterNetworkPolicyEgressPeer EgressPeer() => dice.Next(4) switch
    {
        0 => new() { Networks = dice.Pick<List<string>>(["10.0.0.0/30"], ["0.0.0.0/0", "::/0"], ["192.0.2.0/24", "fd00::/126"]) },
        1 => new() { Nodes = dice.Pick<LabelSelector>(new(), new() { MatchLabels = new() { ["zone"] = "a" } }) },
        _ => Peer<ClusterNetworkPolicyEgressPeer>(),
    };

    private ClusterNetworkPolicyProtocol Protocol(bool named)
    {
        var port = dice.OnceIn(2)
            ? new ClusterNetworkPolicyPort { Number = dice.Pick(80, 53, 8080) }
            : new() { Range = new() { Start = 79, End = 90 } };
        return dice.Next(named ? 4 : 3) switch
        {
            0 => new() { Tcp = new() { DestinationPort = port } },
            1 => new() { Udp = new() { DestinationPort = port } },
            2 => new() { Sctp = new() { DestinationPort = port } },
            _ => new() { DestinationNamedPort = dice.Pick("http", "dns", "api") },
        };
    }

    private List<T> Some<T>(Func<T> make) => [make(), .. dice.Many(1, make)];

    public ClusterNetworkPolicySpec Cluster()
    {
        var spec = new ClusterNetworkPolicySpec
        {
            Tier = dice.Pick("Admin", "Baseline"),
            Priority = dice.Pick(0, 1, 2, 1000),
            Subject = dice.OnceIn(2) ? new() { Namespaces = Namespaces() } : new() { Pods = NamespacedPod() },
            Ingress = List(() => new ClusterNetworkPolicyIngressRule { From = Some(Peer<ClusterNetworkPolicyIngressPeer>), Action = Action() }),
            Egress = List(() => new ClusterNetworkPolicyEgressRule { To = Some(EgressPeer), Action = Action() }),
        };
        foreach (var rule in spec.Ingress ?? [])
            if (dice.OnceIn(2)) rule.Protocols = Some(() => Protocol(named: true));
        // "destinationNamedPort" does not go with networks and nodes.
        foreach (var rule in spec.Egress ?? [])
            if (dice.OnceIn(2)) rule.Protocols = Some(() => Protocol(named: rule.To!.TrueForAll(p => p.Networks is null && p.Nodes is null)));
        return spec;
    }

    private string Action() => dice.Pick("Accept", "Accept", "Deny", "Pass");
}
