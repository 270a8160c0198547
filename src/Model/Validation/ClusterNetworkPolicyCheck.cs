using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>
/// Checks of cluster network policies, with the rules of their definition. Domain names beside <c>Deny</c> are taken, as
/// upstream takes them, and fail closed where they are enforced.
/// </summary>
internal sealed class ClusterNetworkPolicyCheck(Findings findings)
{
    private const int MaxItems = 25;
    private const string OneField = "exactly one field must be set";

    public static void Check(Findings findings, ClusterNetworkPolicy policy)
    {
        var (spec, path) = (policy.Spec, FieldPath.Spec);
        var check = new ClusterNetworkPolicyCheck(findings);
        check.Word(path.Child("tier"), spec.Tier, ClusterNetworkPolicyTier.Admin, ClusterNetworkPolicyTier.Baseline);
        if (spec.Priority is null)
            findings.Required(path.Child("priority"), "");
        findings.Range(path.Child("priority"), spec.Priority, 0, 1000);
        if (spec.Subject is not { } subject)
            findings.Required(path.Child("subject"), "");
        else
            check.Pods(path.Child("subject"), subject.Namespaces, subject.Pods, others: 0);
        findings.MaxItems(path.Child("ingress"), spec.Ingress, MaxItems);
        findings.MaxItems(path.Child("egress"), spec.Egress, MaxItems);
        findings.Each(path.Child("ingress"), spec.Ingress, (at, rule) => check.Ingress(at, rule));
        findings.Each(path.Child("egress"), spec.Egress, (at, rule) => check.Egress(at, rule));
    }

    private void Ingress(FieldPath path, ClusterNetworkPolicyIngressRule rule)
    {
        Rule(path, rule);
        Peers(path.Child("from"), rule.From);
        findings.Each(path.Child("from"), rule.From, (at, peer) => Pods(at, peer.Namespaces, peer.Pods, others: 0));
    }

    private void Egress(FieldPath path, ClusterNetworkPolicyEgressRule rule)
    {
        Rule(path, rule);
        Peers(path.Child("to"), rule.To);
        findings.Each(path.Child("to"), rule.To, (at, peer) => EgressPeer(at, peer));
        bool noPods = rule.To?.Any(peer => peer?.Networks is not null || peer?.Nodes is not null || peer?.DomainNames is not null) == true;
        if (!noPods)
            return;
        findings.Each(path.Child("protocols"), rule.Protocols, (at, protocol) =>
        {
            if (protocol.DestinationNamedPort is not null)
            {
                findings.Invalid(
                    at.Child("destinationNamedPort"), protocol.DestinationNamedPort,
                    "only pods have named ports: it cannot stand beside networks, nodes or domainNames in one rule");
            }
        });
    }

    private void Rule(FieldPath path, ClusterNetworkPolicyRule rule)
    {
        findings.MaxLength(path.Child("name"), rule.Name, 100);
        Word(
            path.Child("action"), rule.Action, ClusterNetworkPolicyAction.Accept, ClusterNetworkPolicyAction.Deny, ClusterNetworkPolicyAction.Pass);
        Count(path.Child("protocols"), rule.Protocols);
        findings.Each(path.Child("protocols"), rule.Protocols, (at, protocol) => Protocol(at, protocol));
    }

    private void Peers<T>(FieldPath path, List<T>? peers)
    {
        if (peers is null)
            findings.Required(path, "");
        Count(path, peers);
    }

    private void EgressPeer(FieldPath path, ClusterNetworkPolicyEgressPeer peer)
    {
        Pods(path, peer.Namespaces, peer.Pods, Set(peer.Nodes) + Set(peer.Networks) + Set(peer.DomainNames));
        MetadataCheck.Selector(findings, path.Child("nodes"), peer.Nodes);
        Count(path.Child("networks"), peer.Networks);
        findings.Unique(path.Child("networks"), peer.Networks);
        findings.Each(path.Child("networks"), peer.Networks, (at, text) =>
        {
            findings.MaxLength(at, text, 43);
            if (!text.Contains('/', StringComparison.Ordinal) || !IpPrefix.TryParse(text, out _))
                findings.Invalid(at, text, "must be a network in CIDR notation, such as 10.0.0.0/8 or fd00::/8");
        });
        Count(path.Child("domainNames"), peer.DomainNames);
        findings.Unique(path.Child("domainNames"), peer.DomainNames);
        findings.Each(path.Child("domainNames"), peer.DomainNames, (at, text) =>
        {
            if (Names.DomainPattern(text) is { } wrong)
                findings.Invalid(at, text, wrong);
        });
    }

    private void Pods(FieldPath path, LabelSelector? namespaces, NamespacedPod? pods, int others)
    {
        if (Set(namespaces) + Set(pods) + others != 1)
            findings.Invalid(path, "", OneField);
        MetadataCheck.Selector(findings, path.Child("namespaces"), namespaces);
        if (pods is null)
            return;
        var at = path.Child("pods");
        if (pods.NamespaceSelector is null)
            findings.Required(at.Child("namespaceSelector"), "{} stands for all namespaces");
        if (pods.PodSelector is null)
            findings.Required(at.Child("podSelector"), "{} stands for all pods");
        MetadataCheck.Selector(findings, at.Child("namespaceSelector"), pods.NamespaceSelector);
        MetadataCheck.Selector(findings, at.Child("podSelector"), pods.PodSelector);
    }

    private void Protocol(FieldPath path, ClusterNetworkPolicyProtocol protocol)
    {
        if (Set(protocol.Tcp) + Set(protocol.Udp) + Set(protocol.Sctp) + Set(protocol.DestinationNamedPort) != 1)
            findings.Invalid(path, "", OneField);
        Transport(path.Child("tcp"), protocol.Tcp);
        Transport(path.Child("udp"), protocol.Udp);
        Transport(path.Child("sctp"), protocol.Sctp);
    }

    private void Transport(FieldPath path, ClusterNetworkPolicyTransport? transport)
    {
        if (transport is null)
            return;
        var at = path.Child("destinationPort");
        if (transport.DestinationPort is not { } port)
        {
            findings.Required(at, "");
            return;
        }

        if (Set(port.Range) + (port.Number is null ? 0 : 1) != 1)
            findings.Invalid(at, "", OneField);
        findings.Range(at.Child("number"), port.Number, 1, 65535);
        if (port.Range is not { } range)
            return;
        Bound(at.Child("range").Child("start"), range.Start);
        Bound(at.Child("range").Child("end"), range.End);
        if (range.Start >= range.End)
            findings.Invalid(at.Child("range"), $"{range.Start}-{range.End}", "start must be less than end");
    }

    private void Bound(FieldPath path, int? port)
    {
        if (port is null)
            findings.Required(path, "");
        findings.Range(path, port, 1, 65535);
    }

    private void Count<T>(FieldPath path, List<T>? list)
    {
        if (list is { Count: 0 })
            findings.Invalid(path, 0, "must have at least 1 item, or be left out where that is allowed");
        findings.MaxItems(path, list, MaxItems);
    }

    private void Word(FieldPath path, string? value, params ReadOnlySpan<string> supported)
    {
        if (value is null)
            findings.Required(path, "");
        findings.OneOf(path, value, supported);
    }

    private static int Set(object? value) => value is null ? 0 : 1;
}
