using Margay.Model.Resources;

namespace Margay.Policy.Conversion.Packing;

/// <summary>The specs of <c>networking.k8s.io/v1</c> policies.</summary>
internal static class KubernetesPacking
{
    internal static void Write(SpecWriter to, KubeNetworkPolicySpec spec)
    {
        Write(to, spec.PodSelector);
        to.List(spec.Ingress, static (t, rule) =>
        {
            t.List(rule.Ports, Write);
            t.List(rule.From, Write);
        });
        to.List(spec.Egress, static (t, rule) =>
        {
            t.List(rule.Ports, Write);
            t.List(rule.To, Write);
        });
        to.Texts(spec.PolicyTypes);
        if (spec is StagedKubernetesNetworkPolicySpec staged) to.Text(staged.StagedAction);
    }

    internal static KubeNetworkPolicySpec Read(SpecReader from, KubeNetworkPolicySpec into)
    {
        into.PodSelector = ReadSelector(from)!;
        into.Ingress = from.List(static f => new KubeIngressRule { Ports = f.List(ReadPort), From = f.List(ReadPeer) });
        into.Egress = from.List(static f => new KubeEgressRule { Ports = f.List(ReadPort), To = f.List(ReadPeer) });
        into.PolicyTypes = from.Texts();
        if (into is StagedKubernetesNetworkPolicySpec staged) staged.StagedAction = from.Text();
        return into;
    }

    internal static void Write(SpecWriter to, LabelSelector? selector)
    {
        if (!to.Has(selector is not null)) return;
        to.Map(selector!.MatchLabels);
        to.List(selector.MatchExpressions, static (t, requirement) =>
        {
            t.Text(requirement.Key);
            t.Text(requirement.Operator);
            t.Texts(requirement.Values);
        });
    }

    internal static LabelSelector? ReadSelector(SpecReader from) => from.Maybe(static f => new LabelSelector
    {
        MatchLabels = f.Map(),
        MatchExpressions = f.List(static g => new LabelSelectorRequirement { Key = g.Text()!, Operator = g.Text()!, Values = g.Texts() }),
    });

    private static void Write(SpecWriter to, KubePolicyPort port)
    {
        to.Text(port.Protocol);
        to.Number(port.EndPort);
        if (!to.Has(port.Port is not null)) return;
        to.Text(port.Port!.Value.Text);
        if (port.Port.Value.Text is null) to.Number(port.Port.Value.Number);
    }

    private static KubePolicyPort ReadPort(SpecReader from) => new()
    {
        Protocol = from.Text(),
        EndPort = from.Number(),
        Port = !from.Has() ? (IntOrString?)null : from.Text() is { } name ? new IntOrString(name) : new IntOrString(from.Number()!.Value),
    };

    private static void Write(SpecWriter to, KubePolicyPeer peer)
    {
        Write(to, peer.PodSelector);
        Write(to, peer.NamespaceSelector);
        if (!to.Has(peer.IpBlock is not null)) return;
        to.Text(peer.IpBlock!.Cidr);
        to.Texts(peer.IpBlock.Except);
    }

    private static KubePolicyPeer ReadPeer(SpecReader from) => new()
    {
        PodSelector = ReadSelector(from),
        NamespaceSelector = ReadSelector(from),
        IpBlock = from.Maybe(static f => new KubeIPBlock { Cidr = f.Text()!, Except = f.Texts() }),
    };
}
