using CsCheck;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Conversion;

/// <summary>Random Kubernetes policies: our verdicts are those of a twin that was written from the documentation.</summary>
public sealed class KubernetesProperties
{
    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<LabelSelectorRequirement> Requirement = Gen.Select(One("app", "env", "x"), One("In", "NotIn", "Exists", "DoesNotExist"), One<List<string>>(["a"], ["a", "prod"]))
        .Select((key, op, values) => new LabelSelectorRequirement { Key = key, Operator = op, Values = op is "In" or "NotIn" ? values : null });

    private static readonly Gen<LabelSelector> Selector = Gen.Frequency(
        (2, Gen.Const(new LabelSelector())),
        (3, Gen.Select(One("app", "env"), One("a", "b", "prod")).Select((k, v) => new LabelSelector { MatchLabels = new() { [k] = v } })),
        (3, Requirement.List[1, 2].Select(r => new LabelSelector { MatchExpressions = r })));

    private static readonly Gen<KubePolicyPeer> Peer = Gen.OneOf(
        Selector.Select(s => new KubePolicyPeer { PodSelector = s }),
        Selector.Select(s => new KubePolicyPeer { NamespaceSelector = s }),
        Gen.Select(Selector, Selector).Select((p, n) => new KubePolicyPeer { PodSelector = p, NamespaceSelector = n }),
        Gen.Select(One("10.0.0.0/24", "10.0.0.2/32", "0.0.0.0/0", "fd00::/8"), One<List<string>?>(null, ["10.0.0.1/32"], ["10.0.0.0/30", "192.0.2.0/24"], ["fd00::1/128"]))
            .Select((cidr, except) => new KubePolicyPeer { IpBlock = new KubeIPBlock { Cidr = cidr, Except = except } }));

    private static readonly Gen<KubePolicyPort> Port = Gen.Select(
        One<string?>(null, "TCP", "UDP"), One<(IntOrString?, int?)>((null, null), (80, null), (80, 90), ("http", null), ("dns", null), (53, 53)))
        .Select((protocol, port) => new KubePolicyPort { Protocol = protocol, Port = port.Item1, EndPort = port.Item2 });

    private static readonly Gen<(List<KubePolicyPeer>?, List<KubePolicyPort>?)> Rule = Gen.Select(
        Gen.Frequency((1, Gen.Const((List<KubePolicyPeer>?)null)), (4, Peer.List[0, 2].Select(l => (List<KubePolicyPeer>?)l))),
        Gen.Frequency((1, Gen.Const((List<KubePolicyPort>?)null)), (4, Port.List[0, 2].Select(l => (List<KubePolicyPort>?)l))));

    private static Gen<List<T>?> Rules<T>(Func<List<KubePolicyPeer>?, List<KubePolicyPort>?, T> make) => Gen.Frequency(
        (1, Gen.Const((List<T>?)null)), (4, Rule.Select(r => make(r.Item1, r.Item2)).List[0, 2].Select(l => (List<T>?)l)));

    private static readonly Gen<KubeNetworkPolicy> Policy = Gen.Select(
        One("red", "blue"), Selector,
        Rules((peers, ports) => new KubeIngressRule { From = peers, Ports = ports }),
        Rules((peers, ports) => new KubeEgressRule { To = peers, Ports = ports }),
        One<List<string>?>(null, [], ["Ingress"], ["Egress"], ["Ingress", "Egress"]))
        .Select((@namespace, pods, ingress, egress, types) => Make.Kube(@namespace, "", new KubeNetworkPolicySpec
        {
            PodSelector = pods,
            Ingress = ingress,
            Egress = egress,
            PolicyTypes = types,
        }));

    private static readonly Gen<List<Pod>> Pods = Gen.Select(One("", "app=a", "app=b", "app=a,env=prod"), One("", "http:80", "http:85,dns:53/UDP", "dns:53"), One("red", "blue"))
        .Select((labels, ports, @namespace) => (labels, ports, @namespace)).List[3, 5]
        .Select(list => list.Select((p, i) => Make.Pod(p.@namespace, $"p{i}", $"10.0.0.{i + 1},fd00::{i + 1}", p.labels, "", p.ports)).ToList());

    [Fact]
    public void Verdicts_are_those_of_the_documentation() => Gen.Select(Pods, Policy.List[0, 5], One("", "env=prod"), One("", "app=a")).Sample((pods, policies, red, blue) =>
    {
        for (int i = 0; i < policies.Count; i++) policies[i].Metadata.Name = $"policy{i}";
        List<Namespace> namespaces = [Make.Namespace("red", red), Make.Namespace("blue", blue)];
        var twin = new KubernetesTwin(namespaces, pods, policies);
        var ours = new ClusterPolicy();
        ours.Apply(namespaces);
        ours.Apply(pods);
        ours.Apply(policies);
        Assert.Empty(ours.Problems);

        string[] v4 = [.. pods.Select(p => p.Status!.PodIPs![0].Ip), "192.0.2.7", "10.0.0.77"];
        string[] v6 = [.. pods.Select(p => p.Status!.PodIPs![1].Ip), "2001:db8::1"];
        foreach (string[] family in (string[][])[v4, v6])
            foreach (var source in family.Select(IpAddr.Parse))
                foreach (var destination in family.Select(IpAddr.Parse))
                    foreach (var (name, number, port) in ((string, byte, ushort)[])[("TCP", 6, 80), ("TCP", 6, 85), ("TCP", 6, 53), ("UDP", 17, 53), ("SCTP", 132, 80)])
                    {
                        bool expected = twin.Allows(source, destination, name, port);
                        var verdict = ours.Evaluate(FlowEnd.At(source), FlowEnd.At(destination), number, port);
                        Assert.True(expected == verdict.Allowed, $"{source} to {destination} {name}/{port}: expected {expected}");
                    }
    }, iter: 600);
}
