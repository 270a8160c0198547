using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Tests.Conversion;

/// <summary>
/// Kubernetes NetworkPolicy, written straight from its documentation, on the objects themselves: no rules, sets, tiers or
/// selectors of ours. Slow, and knows nothing of how we do it.
/// </summary>
internal sealed class KubernetesTwin(List<Namespace> namespaces, List<Pod> pods, List<KubeNetworkPolicy> policies)
{
    public bool Allows(IpAddr source, IpAddr destination, string protocol, int port)
    {
        var from = PodAt(source);
        var to = PodAt(destination);
        if (from is not null && from == to) return true;
        bool egress = from is null || IsOpen(from, "Egress", p => Lists(p.Spec.Egress), r => r.To, r => r.Ports, destination, to);
        bool ingress = to is null || IsOpen(to, "Ingress", p => Lists(p.Spec.Ingress), r => r.From, r => r.Ports, source, from);
        return egress && ingress;

        // "By default, a pod is non-isolated; a pod is isolated if there is any policy that both selects the pod and has the
        // direction in its policyTypes. Allowed are those connections allowed by the rules of some policy that applies."
        bool IsOpen<TRule>(
            Pod pod, string direction, Func<KubeNetworkPolicy, List<TRule>> rules,
            Func<TRule, List<KubePolicyPeer>?> peers, Func<TRule, List<KubePolicyPort>?> ports, IpAddr peerAddress, Pod? peerPod)
        {
            var applying = policies.FindAll(p =>
                p.Metadata.Namespace == pod.Metadata.Namespace && Matches(p.Spec.PodSelector, pod.Metadata.Labels) && TypesOf(p).Contains(direction));
            if (applying.Count == 0) return true;
            return applying.Exists(policy => rules(policy).Exists(rule =>
                PeerMatches(policy, peers(rule), peerAddress, peerPod) && PortMatches(ports(rule), protocol, port, to)));
        }
    }

    private Pod? PodAt(IpAddr address) => pods.Find(p => p.Status!.PodIPs!.Exists(i => i.Ip == address.ToString()));

    private static List<T> Lists<T>(List<T>? list) => list ?? [];

    // "If this field is not specified, it will default based on the existence of ingress or egress rules; policies that
    // contain an egress section are assumed to affect egress, and all policies are assumed to affect ingress."
    private static List<string> TypesOf(KubeNetworkPolicy policy) =>
        policy.Spec.PolicyTypes is { Count: > 0 } given ? given
        : Lists(policy.Spec.Egress).Count > 0 ? ["Ingress", "Egress"] : ["Ingress"];

    // "If this field is empty or missing, this rule matches all sources/destinations."
    private bool PeerMatches(KubeNetworkPolicy policy, List<KubePolicyPeer>? peers, IpAddr address, Pod? pod)
    {
        if (Lists(peers).Count == 0) return true;
        return peers!.Exists(peer =>
        {
            if (peer.IpBlock is { } block)
                return IpPrefix.Parse(block.Cidr).Contains(address) && !Lists(block.Except).Exists(e => IpPrefix.Parse(e).Contains(address));
            if (pod is null) return false;
            bool namespaceFits = peer.NamespaceSelector is null
                ? pod.Metadata.Namespace == policy.Metadata.Namespace
                : Matches(peer.NamespaceSelector, namespaces.Find(n => n.Metadata.Name == pod.Metadata.Namespace)!.Metadata.Labels);
            return namespaceFits && (peer.PodSelector is null || Matches(peer.PodSelector, pod.Metadata.Labels));
        });
    }

    // "If this field is empty or missing, this rule matches all ports." "protocol: if not specified, this field defaults to
    // TCP." "port: if this field is not provided, this matches all port names and numbers." A name is a port of the
    // destination pod.
    private static bool PortMatches(List<KubePolicyPort>? ports, string protocol, int port, Pod? destination)
    {
        if (Lists(ports).Count == 0) return true;
        return ports!.Exists(p =>
        {
            if ((p.Protocol ?? "TCP") != protocol) return false;
            if (p.Port is not { } wanted) return true;
            if (wanted.Number is { } first) return port >= first && port <= (p.EndPort ?? first);
            return destination is not null && destination.Spec.Containers!.SelectMany(c => Lists(c.Ports))
                .Any(c => c.Name == wanted.Text && (c.Protocol ?? "TCP") == protocol && c.Number == port);
        });
    }

    // "The result of matchLabels and matchExpressions are ANDed. An empty label selector matches all objects."
    private static bool Matches(LabelSelector selector, Dictionary<string, string>? given)
    {
        var labels = given ?? [];
        bool Has(string key, out string? value) => labels.TryGetValue(key, out value);
        return (selector.MatchLabels ?? []).All(l => Has(l.Key, out string? v) && v == l.Value)
            && (selector.MatchExpressions ?? []).All(e => e.Operator switch
            {
                "In" => Has(e.Key, out string? v) && e.Values!.Contains(v!),
                "NotIn" => !Has(e.Key, out string? v) || !e.Values!.Contains(v!),
                "Exists" => Has(e.Key, out _),
                _ => !Has(e.Key, out _),
            });
    }
}
