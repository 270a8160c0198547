using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>
/// One rule of a Kubernetes NetworkPolicy as v3 rules: one for each pair of peer and protocol, since a v3 rule joins by
/// "and" what Kubernetes joins by "or". All of them keep the identity of the one they come from.
/// </summary>
internal static class KubernetesRuleConversion
{
    /// <summary>Expands a rule. Absent or empty lists match everything.</summary>
    /// <returns>What is wrong with the rule, or null.</returns>
    internal static string? Expand(PolicyDirection direction, List<KubePolicyPeer>? peers, List<KubePolicyPort>? ports, out List<Rule> rules)
    {
        rules = [];
        if (ReadPeers(peers, out var entities) is { } a) return a;
        if (ReadPorts(ports, out var byProtocol) is { } b) return b;
        foreach (var entity in entities)
            foreach (var (protocol, list) in byProtocol)
                rules.Add(Rule(direction, entity, protocol, list));
        return null;
    }

    private static Rule Rule(PolicyDirection direction, EntityRule peer, Protocol? protocol, List<PolicyPort>? ports)
    {
        var rule = new Rule { Action = PolicyAction.Allow, Protocol = protocol };
        if (direction == PolicyDirection.Ingress)
        {
            rule.Source = peer;
            rule.Destination = new EntityRule { Ports = ports };
            return rule;
        }
        rule.Destination = new EntityRule
        {
            Selector = peer.Selector,
            NamespaceSelector = peer.NamespaceSelector,
            Nets = peer.Nets,
            NotNets = peer.NotNets,
            Ports = ports,
        };
        return rule;
    }

    private static string? ReadPeers(List<KubePolicyPeer>? peers, out List<EntityRule> entities)
    {
        entities = [];
        if (peers is not { Count: > 0 }) entities.Add(new EntityRule());
        foreach (var peer in peers ?? [])
        {
            if (ReadPeer(peer, out var entity) is { } problem) return problem;
            entities.Add(entity);
        }
        return null;
    }

    private static string? ReadPeer(KubePolicyPeer peer, out EntityRule entity)
    {
        entity = new EntityRule();
        if (peer.IpBlock is { } block)
        {
            if (peer.PodSelector is not null || peer.NamespaceSelector is not null) return "ipBlock goes with no selector";
            return ReadBlock(block, entity);
        }
        if (peer.PodSelector is null && peer.NamespaceSelector is null) return "a peer needs an ipBlock or a selector";
        if (!KubernetesSelector.TryConvert(peer.PodSelector, out var pods, out string? problem)) return $"podSelector: {problem}";
        entity.Selector = Selector.And(KubernetesPolicyConversion.Pods, pods).ToString();
        if (peer.NamespaceSelector is null) return null;
        if (!KubernetesSelector.TryConvert(peer.NamespaceSelector, out var namespaces, out problem)) return $"namespaceSelector: {problem}";
        entity.NamespaceSelector = namespaces.ToString();
        return null;
    }

    private static string? ReadBlock(KubeIPBlock block, EntityRule entity)
    {
        if (!IsCidr(block.Cidr)) return $"ipBlock.cidr: '{block.Cidr}' is no prefix";
        if (block.Except?.Find(e => !IsCidr(e)) is { } bad) return $"ipBlock.except: '{bad}' is no prefix";
        entity.Nets = [block.Cidr];
        // An exception of the other family excludes nothing, but would confine the rule to that family.
        var family = IpPrefix.Parse(block.Cidr).Family;
        entity.NotNets = block.Except?.FindAll(e => IpPrefix.Parse(e).Family == family);
        return null;

        static bool IsCidr(string? text) => text is not null && text.Contains('/', StringComparison.Ordinal) && IpPrefix.TryParse(text, out _);
    }

    /// <summary>Ports by protocol; a null list is every port, a null protocol every protocol.</summary>
    private static string? ReadPorts(List<KubePolicyPort>? ports, out List<(Protocol? Protocol, List<PolicyPort>? Ports)> byProtocol)
    {
        byProtocol = [];
        if (ports is not { Count: > 0 })
        {
            byProtocol.Add((null, null));
            return null;
        }
        foreach (var port in ports)
        {
            if (ReadProtocol(port.Protocol) is not { } protocol) return $"ports: protocol '{port.Protocol}' is unknown";
            if (ReadPort(port, out var converted) is { } problem) return problem;
            int at = byProtocol.FindIndex(p => p.Protocol == protocol);
            if (at < 0) byProtocol.Add((protocol, converted is { } first ? [first] : null));
            else if (converted is not { } next) byProtocol[at] = (protocol, null);
            else byProtocol[at].Ports?.Add(next);
        }
        return null;
    }

    private static Protocol? ReadProtocol(string? name) => name switch
    {
        null or "" or "TCP" => Protocol.Tcp,
        "UDP" => Protocol.Udp,
        "SCTP" => Protocol.Sctp,
        _ => null,
    };

    private static string? ReadPort(KubePolicyPort port, out PolicyPort? converted)
    {
        converted = null;
        if (port.Port is not { } value) return port.EndPort is null ? null : "ports: endPort needs a port";
        if (value.Number is { } first)
        {
            int last = port.EndPort ?? first;
            converted = PolicyPort.Range(first, last);
            return first is < 1 or > ushort.MaxValue || last < first || last > ushort.MaxValue ? $"ports: {first} to {last} is no range of ports" : null;
        }
        converted = PolicyPort.Named(value.Text!);
        return port.EndPort is not null || value.Text!.Length == 0 ? "ports: endPort needs a number" : null;
    }
}
