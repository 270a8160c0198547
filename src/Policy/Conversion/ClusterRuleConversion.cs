using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>
/// One rule of a ClusterNetworkPolicy as v3 rules, one for each pair of peer and protocol. The API asks that what is not
/// understood closes the whole rule, be it only one of its peers: it may come from a later version.
/// </summary>
internal static class ClusterRuleConversion
{
    /// <summary>Expands a rule.</summary>
    /// <returns>What is wrong with the rule, or null.</returns>
    internal static string? Expand(
        PolicyDirection direction, RuleAction action, IReadOnlyList<ClusterNetworkPolicyIngressPeer>? peers,
        List<ClusterNetworkPolicyProtocol>? protocols, out List<(Rule Rule, NodeSet? Nodes)> rules)
    {
        rules = [];
        string side = direction == PolicyDirection.Ingress ? "from" : "to";
        if (peers is not { Count: > 0 }) return $"{side}: at least one peer is needed";
        if (ReadProtocols(protocols, out var byProtocol, out bool named) is { } a) return a;
        foreach (var peer in peers)
        {
            if (ReadPeer(peer, out var entity, out var nodes) is { } b) return $"{side}.{b}";
            if (named && direction == PolicyDirection.Egress && entity.Selector is null) return "protocols.destinationNamedPort: only pods have named ports";
            foreach (var (protocol, ports) in byProtocol) rules.Add((Rule(direction, action, entity, protocol, ports), nodes));
        }
        return null;
    }

    /// <summary>Reads "all pods of these namespaces" or "some pods of some namespaces", of which exactly one is given.</summary>
    internal static string? ReadPods(LabelSelector? all, NamespacedPod? some, out Selector pods, out Selector namespaces)
    {
        (pods, namespaces) = (KubernetesPolicyConversion.Pods, Selector.All);
        string path = all is null ? "pods.namespaceSelector" : "namespaces";
        if (all is null && some?.NamespaceSelector is null) return "pods: a namespaceSelector is needed";
        if (!KubernetesSelector.TryConvert(all ?? some!.NamespaceSelector, out var inNamespaces, out string? problem)) return $"{path}: {problem}";
        namespaces = inNamespaces;
        if (all is not null) return null;
        if (some!.PodSelector is null) return "pods: a podSelector is needed";
        if (!KubernetesSelector.TryConvert(some.PodSelector, out var selected, out problem)) return $"pods.podSelector: {problem}";
        pods = Selector.And(pods, selected);
        return null;
    }

    private static Rule Rule(PolicyDirection direction, RuleAction action, EntityRule peer, Protocol? protocol, List<PolicyPort>? ports)
    {
        var rule = new Rule { Action = action.ToString(), Protocol = protocol };
        if (direction == PolicyDirection.Ingress)
        {
            rule.Source = peer;
            rule.Destination = new EntityRule { Ports = ports };
            return rule;
        }
        rule.Destination = new EntityRule { Selector = peer.Selector, NamespaceSelector = peer.NamespaceSelector, Nets = peer.Nets, Ports = ports };
        return rule;
    }

    private static string? ReadPeer(ClusterNetworkPolicyIngressPeer? peer, out EntityRule entity, out NodeSet? nodes)
    {
        entity = new EntityRule();
        nodes = null;
        var egress = peer as ClusterNetworkPolicyEgressPeer;
        int given = Count(peer?.Namespaces) + Count(peer?.Pods) + Count(egress?.Nodes) + Count(egress?.Networks) + Count(egress?.DomainNames);
        if (given != 1) return "a peer needs exactly one field";
        if (egress?.Nodes is { } labels)
        {
            if (!KubernetesSelector.TryConvert(labels, out var selector, out string? wrong)) return $"nodes: {wrong}";
            nodes = new NodeSet(selector);
            return null;
        }
        if (egress?.DomainNames is not null) return "domainNames: nothing here learns the addresses of names";
        if (egress?.Networks is { } networks)
        {
            if (networks.Count == 0) return "networks: at least one is needed";
            if (networks.Find(n => n is null || !n.Contains('/', StringComparison.Ordinal) || !IpPrefix.TryParse(n, out _)) is { } bad) return $"networks: '{bad}' is no prefix";
            entity.Nets = networks;
            return null;
        }
        if (ReadPods(peer!.Namespaces, peer.Pods, out var pods, out var namespaces) is { } problem) return problem;
        entity.Selector = pods.ToString();
        entity.NamespaceSelector = namespaces.ToString();
        return null;
    }

    /// <summary>Ports by protocol; none at all is every protocol. A named port is looked for in each protocol that has ports.</summary>
    private static string? ReadProtocols(
        List<ClusterNetworkPolicyProtocol>? protocols, out List<(Protocol? Protocol, List<PolicyPort>? Ports)> byProtocol, out bool named)
    {
        byProtocol = [];
        named = false;
        if (protocols is null)
        {
            byProtocol.Add((null, null));
            return null;
        }
        if (protocols.Count == 0) return "protocols: at least one is needed";
        List<PolicyPort> tcp = [], udp = [], sctp = [];
        foreach (var entry in protocols)
        {
            if (entry is null || Count(entry.Tcp) + Count(entry.Udp) + Count(entry.Sctp) + Count(entry.DestinationNamedPort) != 1) return "protocols: an entry needs exactly one field";
            if (entry.DestinationNamedPort is { } name)
            {
                if (name.Length == 0) return "protocols.destinationNamedPort: a name is needed";
                foreach (var list in (List<PolicyPort>[])[tcp, udp, sctp]) list.Add(PolicyPort.Named(name));
                named = true;
                continue;
            }
            var into = entry.Tcp is not null ? tcp : entry.Udp is not null ? udp : sctp;
            if (ReadPort((entry.Tcp ?? entry.Udp ?? entry.Sctp)!.DestinationPort, out var port) is { } problem) return $"protocols: {problem}";
            into.Add(port);
        }
        if (tcp.Count > 0) byProtocol.Add((Protocol.Tcp, tcp));
        if (udp.Count > 0) byProtocol.Add((Protocol.Udp, udp));
        if (sctp.Count > 0) byProtocol.Add((Protocol.Sctp, sctp));
        return null;
    }

    private static string? ReadPort(ClusterNetworkPolicyPort? port, out PolicyPort read)
    {
        read = default;
        if (port is null || port.Number is null == port.Range is null) return "a destinationPort needs a number or a range";
        int first = port.Number ?? port.Range!.Start ?? 0, last = port.Number ?? port.Range!.End ?? 0;
        read = PolicyPort.Range(first, last);
        return first < 1 || last < first || last > ushort.MaxValue ? $"{first} to {last} is no range of ports" : null;
    }

    private static int Count(object? field) => field is null ? 0 : 1;
}
