using System.Text.Json;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>Says in the words of the policy's author why a part of a rule does not hold for a packet.</summary>
internal sealed class RuleWords(RulePlaces places, AddressOwners owners)
{
    /// <summary>One sentence for a part that fails.</summary>
    public string Describe(PolicyRule rule, RuleMismatch mismatch, in Packet packet)
    {
        bool source = mismatch.Side == RuleSide.Source;
        var side = source ? rule.Source : rule.Destination;
        var address = source ? packet.Source : packet.Destination;
        int port = source ? packet.SourcePort : packet.DestinationPort;
        string name = source ? "source" : "destination";
        return mismatch.Part switch
        {
            RulePart.Family => $"the packet is {Family(packet.Source.Family)}, the rule is for {Family(rule.Family ?? default)}",
            RulePart.Protocol when rule.NotProtocol is { } excluded => $"protocol {Protocol(excluded)} is excluded (notProtocol)",
            RulePart.Protocol => $"protocol is {Protocol(packet.Protocol)}, not {Protocol(rule.Protocol ?? 0)}",
            RulePart.Icmp => "the ICMP type or code is another",
            RulePart.Http => packet.Http is null ? "the rule is about HTTP requests, and none is known here" : "the HTTP request is another",
            RulePart.Nothing => $"the {name} can match nothing",
            RulePart.Nets => $"{name} {address} is not in {string.Join(", ", side.Nets)}",
            RulePart.NotNets => $"{name} {address} is in notNets {string.Join(", ", side.NotNets)}",
            RulePart.Selector => $"{name} {owners.NameOf(address)} is not selected by {Selectors(rule.Id, source)}",
            RulePart.NotSelector => $"{name} {owners.NameOf(address)} is excluded by {Selectors(rule.Id, source)}",
            RulePart.Ports => packet.HasPorts ? $"{name} port {port} is not {Ports(rule.Id, source, side)}" : $"{Protocol(packet.Protocol)} has no ports",
            RulePart.NotPorts => $"{name} port {port} is excluded (notPorts)",
            RulePart.Service => $"{name} {owners.NameOf(address)} port {port} is no backend of service {Service(rule.Id, source)}",
            _ => "another part of the rule does not hold",
        };
    }

    /// <summary>A protocol's name, else its number.</summary>
    public static string Protocol(byte number) => number switch
    {
        1 => "ICMP",
        6 => "TCP",
        17 => "UDP",
        58 => "ICMPv6",
        132 => "SCTP",
        136 => "UDPLite",
        _ => $"{number}",
    };

    private static string Family(IpFamily family) => family == IpFamily.V4 ? "IPv4" : "IPv6";

    private string Ports(RuleId id, bool source, EntityMatch side)
    {
        // Named ports are sets of addresses in the contract; the resource has their names.
        if (Entity(id, source)?.Ports is { Count: > 0 } ports) return string.Join(", ", ports);
        return side.Ports.IsEmpty ? "one of the named ports" : string.Join(", ", side.Ports);
    }

    private string Service(RuleId id, bool source) => Entity(id, source)?.Services is { } service ? $"{service.Namespace ?? id.Policy.Namespace}/{service.Name}" : "of the rule";

    private string Selectors(RuleId id, bool source)
    {
        if (Entity(id, source) is not { } entity) return Peers(id);
        var parts = new List<string>();
        if (entity.NamespaceSelector is { Length: > 0 } namespaces) parts.Add($"namespaceSelector {namespaces}");
        else if (id.Policy.Namespace.Length > 0) parts.Add($"namespace {id.Policy.Namespace}");
        if (entity.Selector is { Length: > 0 } selector) parts.Add($"selector {selector}");
        if (entity.NotSelector is { Length: > 0 } excluded) parts.Add($"notSelector {excluded}");
        if (entity.ServiceAccounts?.Names is { Count: > 0 } names) parts.Add($"service accounts {string.Join(", ", names)}");
        if (entity.ServiceAccounts?.Selector is { Length: > 0 } accounts) parts.Add($"service accounts {accounts}");
        return string.Join(" and ", parts);
    }

    private EntityRule? Entity(RuleId id, bool source)
    {
        if (id.Index < 0) return null;
        var spec = places.Find(id.Policy)?.Value switch
        {
            NetworkPolicy policy => (policy.Spec.Ingress, policy.Spec.Egress),
            GlobalNetworkPolicy policy => (policy.Spec.Ingress, policy.Spec.Egress),
            StagedNetworkPolicy policy => (policy.Spec.Ingress, policy.Spec.Egress),
            StagedGlobalNetworkPolicy policy => (policy.Spec.Ingress, policy.Spec.Egress),
            Profile profile => (profile.Spec.Ingress, profile.Spec.Egress),
            _ => ((List<Rule>?)null, (List<Rule>?)null),
        };
        var rules = id.Direction == PolicyDirection.Ingress ? spec.Item1 : spec.Item2;
        return rules?.ElementAtOrDefault(id.Index) is { } rule ? source ? rule.Source : rule.Destination : null;
    }

    /// <summary>The peers of a rule of Kubernetes' own kinds, as they stand there.</summary>
    private string Peers(RuleId id)
    {
        if (id.Index < 0 || places.Find(id.Policy)?.Value is not { } resource || KindRegistry.Find(resource.ApiVersion!, resource.Kind!) is not { } kind) return "the rule's peers";
        bool ingress = id.Direction == PolicyDirection.Ingress;
        var peers = JsonSerializer.SerializeToNode(resource, kind.TypeInfo)?["spec"]?[ingress ? "ingress" : "egress"]?[id.Index]?[ingress ? "from" : "to"];
        return peers is null ? "the rule's peers" : $"{(ingress ? "from" : "to")} {peers.ToJsonString()}";
    }
}
