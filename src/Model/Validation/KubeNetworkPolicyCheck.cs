using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of Kubernetes' own network policies, with the rules of its API server.</summary>
internal static class KubeNetworkPolicyCheck
{
    public static void Check(Findings findings, KubeNetworkPolicySpec spec)
    {
        var path = FieldPath.Spec;
        MetadataCheck.Selector(findings, path.Child("podSelector"), spec.PodSelector);
        findings.Each(path.Child("ingress"), spec.Ingress, (at, rule) =>
        {
            findings.Each(at.Child("ports"), rule.Ports, (item, port) => CheckPort(findings, item, port));
            findings.Each(at.Child("from"), rule.From, (item, peer) => CheckPeer(findings, item, peer));
        });
        findings.Each(path.Child("egress"), spec.Egress, (at, rule) =>
        {
            findings.Each(at.Child("ports"), rule.Ports, (item, port) => CheckPort(findings, item, port));
            findings.Each(at.Child("to"), rule.To, (item, peer) => CheckPeer(findings, item, peer));
        });
        if (spec.PolicyTypes?.Count > 2)
            findings.Invalid(path.Child("policyTypes"), string.Join(",", spec.PolicyTypes), "may not specify more than two policyTypes");
        findings.Each(path.Child("policyTypes"), spec.PolicyTypes, (at, type) => findings.OneOf(at, type, "Ingress", "Egress"));
    }

    private static void CheckPort(Findings findings, FieldPath path, KubePolicyPort port)
    {
        findings.OneOf(path.Child("protocol"), port.Protocol, "TCP", "UDP", "SCTP");
        if (port.Port?.Number is { } number)
        {
            findings.Range(path.Child("port"), number, 1, 65535);
            if (port.EndPort < number)
                findings.Invalid(path.Child("endPort"), port.EndPort.Value, "must be greater than or equal to `port`");
            findings.Range(path.Child("endPort"), port.EndPort, 1, 65535);
        }
        else if (port.EndPort is not null)
        {
            if (port.Port is null)
                findings.Required(path.Child("port"), "must be specified when `endPort` is specified");
            else
                findings.Forbidden(path.Child("endPort"), "may not be specified when `port` is non-numeric");
        }

        if (port.Port?.Text is { } name && Names.ServiceName(name) is { } wrong)
            findings.Invalid(path.Child("port"), name, wrong);
    }

    private static void CheckPeer(Findings findings, FieldPath path, KubePolicyPeer peer)
    {
        bool selects = peer.PodSelector is not null || peer.NamespaceSelector is not null;
        MetadataCheck.Selector(findings, path.Child("podSelector"), peer.PodSelector);
        MetadataCheck.Selector(findings, path.Child("namespaceSelector"), peer.NamespaceSelector);
        if (peer.IpBlock is { } block)
        {
            CheckBlock(findings, path.Child("ipBlock"), block);
            if (selects)
                findings.Forbidden(path, "may not specify both ipBlock and another peer");
        }
        else if (!selects)
        {
            findings.Required(path, "must specify a peer");
        }
    }

    private static void CheckBlock(Findings findings, FieldPath path, KubeIPBlock block)
    {
        if (block.Cidr.Length == 0)
        {
            findings.Required(path.Child("cidr"), "");
            return;
        }

        // Kubernetes takes host bits here and ignores them.
        bool valid = IsNetwork(block.Cidr, out var net);
        if (!valid)
            findings.Invalid(path.Child("cidr"), block.Cidr, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        findings.Each(path.Child("except"), block.Except, (at, text) =>
        {
            if (!IsNetwork(text, out var except))
                findings.Invalid(at, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
            else if (valid && (!net.Contains(except) || net == except))
                findings.Invalid(at, text, "must be a strict subset of `cidr`");
        });
    }

    private static bool IsNetwork(string text, out IpPrefix net)
    {
        net = default;
        return text.Contains('/', StringComparison.Ordinal) && IpPrefix.TryParse(text, out net);
    }
}
