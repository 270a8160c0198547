namespace Margay.Model.Resources;

/// <summary>What may be done in one namespace (rbac.authorization.k8s.io/v1). Only API servers look into it.</summary>
public sealed class Role() : RawResource(ApiVersions.Rbac, "Role");

/// <summary>What may be done in the cluster, or in any namespace that a binding names (rbac.authorization.k8s.io/v1).</summary>
public sealed class ClusterRole() : RawResource(ApiVersions.Rbac, "ClusterRole");

/// <summary>Who has a role in one namespace (rbac.authorization.k8s.io/v1).</summary>
public sealed class RoleBinding() : RawResource(ApiVersions.Rbac, "RoleBinding");

/// <summary>Who has a role in the whole cluster (rbac.authorization.k8s.io/v1).</summary>
public sealed class ClusterRoleBinding() : RawResource(ApiVersions.Rbac, "ClusterRoleBinding");
