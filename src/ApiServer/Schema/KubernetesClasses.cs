using System.Collections.Frozen;
using k8s.Models;

namespace Margay.ApiServer.Schema;

/// <summary>The client's classes for Kubernetes' own kinds. A table, because looking through all of the client's classes takes long.</summary>
internal static class KubernetesClasses
{
    private static readonly FrozenDictionary<(string ApiVersion, string Kind), Type> Known = new Dictionary<(string, string), Type>
    {
        [("v1", "ConfigMap")] = typeof(V1ConfigMap),
        [("v1", "Endpoints")] = typeof(V1Endpoints),
        [("v1", "Event")] = typeof(Corev1Event),
        [("v1", "LimitRange")] = typeof(V1LimitRange),
        [("v1", "Namespace")] = typeof(V1Namespace),
        [("v1", "Node")] = typeof(V1Node),
        [("v1", "Pod")] = typeof(V1Pod),
        [("v1", "Secret")] = typeof(V1Secret),
        [("v1", "Service")] = typeof(V1Service),
        [("v1", "ServiceAccount")] = typeof(V1ServiceAccount),
        [("coordination.k8s.io/v1", "Lease")] = typeof(V1Lease),
        [("discovery.k8s.io/v1", "EndpointSlice")] = typeof(V1EndpointSlice),
        [("events.k8s.io/v1", "Event")] = typeof(Eventsv1Event),
        [("networking.k8s.io/v1", "NetworkPolicy")] = typeof(V1NetworkPolicy),
        [("rbac.authorization.k8s.io/v1", "Role")] = typeof(V1Role),
        [("rbac.authorization.k8s.io/v1", "ClusterRole")] = typeof(V1ClusterRole),
        [("rbac.authorization.k8s.io/v1", "RoleBinding")] = typeof(V1RoleBinding),
        [("rbac.authorization.k8s.io/v1", "ClusterRoleBinding")] = typeof(V1ClusterRoleBinding),
        [("authorization.k8s.io/v1", "SelfSubjectAccessReview")] = typeof(V1SelfSubjectAccessReview),
        [("authorization.k8s.io/v1", "SelfSubjectRulesReview")] = typeof(V1SelfSubjectRulesReview),
        [("authorization.k8s.io/v1", "SubjectAccessReview")] = typeof(V1SubjectAccessReview),
    }.ToFrozenDictionary();

    /// <summary>The class of a kind, or null when the kind is not one of Kubernetes' own.</summary>
    public static Type? Find(GroupVersionKind kind) => Known.GetValueOrDefault((kind.ApiVersion, kind.Kind));
}
