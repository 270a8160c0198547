namespace Margay.Model.Resources;

/// <summary>Kubernetes' own policy for the pods of one namespace (networking.k8s.io/v1 NetworkPolicy).</summary>
public sealed class KubeNetworkPolicy() : Resource(ApiVersions.Networking, "NetworkPolicy")
{
    /// <summary>What the policy demands.</summary>
    public KubeNetworkPolicySpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>What a Kubernetes policy demands. Absent and empty lists differ in peers and ports of a rule.</summary>
public class KubeNetworkPolicySpec
{
    /// <summary>Which pods of the namespace; an empty selector means all of them.</summary>
    public LabelSelector PodSelector { get; set => field = value ?? new(); } = new();

    /// <summary>What may reach the pods; the union of all rules. None lets nothing in, if ingress is among the types.</summary>
    public List<KubeIngressRule>? Ingress { get; set; }

    /// <summary>What the pods may reach; the union of all rules. None lets nothing out, if egress is among the types.</summary>
    public List<KubeEgressRule>? Egress { get; set; }

    /// <summary>
    /// <c>Ingress</c>, <c>Egress</c> or both; when absent, <c>Ingress</c>, and <c>Egress</c> too if there are egress rules.
    /// </summary>
    public List<string>? PolicyTypes { get; set; }
}

/// <summary>What may reach the pods: one of the peers on one of the ports.</summary>
public sealed class KubeIngressRule
{
    /// <summary>The ports of the selected pods; absent or empty means all.</summary>
    public List<KubePolicyPort>? Ports { get; set; }

    /// <summary>The sources; absent or empty means all.</summary>
    public List<KubePolicyPeer>? From { get; set; }
}

/// <summary>What the pods may reach: one of the peers on one of the ports.</summary>
public sealed class KubeEgressRule
{
    /// <summary>The destination ports; absent or empty means all.</summary>
    public List<KubePolicyPort>? Ports { get; set; }

    /// <summary>The destinations; absent or empty means all.</summary>
    public List<KubePolicyPeer>? To { get; set; }
}

/// <summary>A port of a Kubernetes policy.</summary>
public sealed class KubePolicyPort
{
    /// <summary><c>TCP</c> (default), <c>UDP</c> or <c>SCTP</c>.</summary>
    public string? Protocol { get; set; }

    /// <summary>A number from 1 to 65535 or the name of a container port; absent means all ports of the protocol.</summary>
    public IntOrString? Port { get; set; }

    /// <summary>The end, included, of a range that begins at <c>port</c>, which must then be a number not above it.</summary>
    public int? EndPort { get; set; }
}

/// <summary>A peer: pods and namespaces by selector, or addresses.</summary>
public sealed class KubePolicyPeer
{
    /// <summary>
    /// Pods by label: of this namespace, or of the selected ones. Absent with a namespace selector means all their pods.
    /// </summary>
    public LabelSelector? PodSelector { get; set; }

    /// <summary>Namespaces by label; an empty selector means all namespaces, an absent one the policy's own.</summary>
    public LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Addresses; not together with the selectors.</summary>
    public KubeIPBlock? IpBlock { get; set; }
}

/// <summary>A network with exceptions.</summary>
public sealed class KubeIPBlock
{
    /// <summary>The network in CIDR notation.</summary>
    public string Cidr { get; set => field = value ?? ""; } = "";

    /// <summary>Networks inside of it that are left out.</summary>
    public List<string>? Except { get; set; }
}
