namespace Margay.Model.Resources;

/// <summary>The API groups with their versions, as they stand in <c>apiVersion</c>.</summary>
public static class ApiVersions
{
    /// <summary>The policy and networking resources: <c>projectcalico.org/v3</c>.</summary>
    public const string ProjectCalico = "projectcalico.org/v3";

    /// <summary>The core group, which has no name: <c>v1</c>.</summary>
    public const string Core = "v1";

    /// <summary>Kubernetes' own network policies: <c>networking.k8s.io/v1</c>.</summary>
    public const string Networking = "networking.k8s.io/v1";

    /// <summary>Policies of the cluster's administrators: <c>policy.networking.k8s.io/v1alpha2</c>.</summary>
    public const string ClusterPolicy = "policy.networking.k8s.io/v1alpha2";

    /// <summary>Roles and their bindings: <c>rbac.authorization.k8s.io/v1</c>.</summary>
    public const string Rbac = "rbac.authorization.k8s.io/v1";

    /// <summary>Leases: <c>coordination.k8s.io/v1</c>.</summary>
    public const string Coordination = "coordination.k8s.io/v1";

    /// <summary>Endpoint slices: <c>discovery.k8s.io/v1</c>.</summary>
    public const string Discovery = "discovery.k8s.io/v1";

    /// <summary>Endpoint slices as Kubernetes before 1.21 serves them: <c>discovery.k8s.io/v1beta1</c>.</summary>
    public const string DiscoveryBeta = "discovery.k8s.io/v1beta1";
}
