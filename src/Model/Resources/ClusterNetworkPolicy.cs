namespace Margay.Model.Resources;

/// <summary>
/// A policy of the cluster's administrators for the pods of many namespaces, before or after the policies of the namespaces
/// (policy.networking.k8s.io/v1alpha2).
/// </summary>
public sealed class ClusterNetworkPolicy() : Resource(ApiVersions.ClusterPolicy, "ClusterNetworkPolicy")
{
    /// <summary>What the policy demands.</summary>
    public ClusterNetworkPolicySpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>What those who enforce it report.</summary>
    public ClusterNetworkPolicyStatus? Status { get; set; }
}

/// <summary>What a cluster policy demands.</summary>
public sealed class ClusterNetworkPolicySpec
{
    /// <summary>
    /// <c>Admin</c>: before Kubernetes network policies, which cannot overrule it; or <c>Baseline</c>: after them, for pods that
    /// none of them selects. Needed.
    /// </summary>
    public string? Tier { get; set; }

    /// <summary>Where it stands in its tier, 0 to 1000; lower comes first. Needed.</summary>
    public int? Priority { get; set; }

    /// <summary>The pods it is for; those on the host's network are never among them. Needed.</summary>
    public ClusterNetworkPolicySubject? Subject { get; set; }

    /// <summary>Rules for connections to the pods, in order; at most 25. Without rules, ingress is left alone.</summary>
    public List<ClusterNetworkPolicyIngressRule>? Ingress { get; set; }

    /// <summary>Rules for connections from the pods, in order; at most 25. Without rules, egress is left alone.</summary>
    public List<ClusterNetworkPolicyEgressRule>? Egress { get; set; }
}

/// <summary>The tiers of cluster policies, as the API spells them.</summary>
public static class ClusterNetworkPolicyTier
{
    /// <summary>Before Kubernetes network policies.</summary>
    public const string Admin = "Admin";

    /// <summary>After Kubernetes network policies.</summary>
    public const string Baseline = "Baseline";
}

/// <summary>The pods a cluster policy is for; exactly one field.</summary>
public sealed class ClusterNetworkPolicySubject
{
    /// <summary>All pods of these namespaces.</summary>
    public LabelSelector? Namespaces { get; set; }

    /// <summary>Some pods of some namespaces.</summary>
    public NamespacedPod? Pods { get; set; }
}

/// <summary>Pods by the labels of their namespace and their own; an empty selector means all.</summary>
public sealed class NamespacedPod
{
    /// <summary>The namespaces. Needed.</summary>
    public LabelSelector? NamespaceSelector { get; set; }

    /// <summary>The pods in them. Needed.</summary>
    public LabelSelector? PodSelector { get; set; }
}

/// <summary>What those who enforce a cluster policy report.</summary>
public sealed class ClusterNetworkPolicyStatus
{
    /// <summary>One condition for each type.</summary>
    public List<Condition>? Conditions { get; set; }
}
