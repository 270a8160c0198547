using System.Collections.Frozen;

namespace Margay.ApiServer.Schema;

/// <summary>
/// The lists of Kubernetes' own types that patches merge, as upstream marks them (the <c>patchStrategy</c>, <c>patchMergeKey</c> and
/// <c>listMapKey</c> marks in k8s.io/api/core/v1, networking/v1 and apimachinery/meta/v1). A list that is not here is replaced whole:
/// tolerations, for example, have no merge key upstream.
/// </summary>
internal static class ListMerges
{
    private static readonly FrozenDictionary<(string Type, string Field), ListMerge> Known =
        new Dictionary<(string, string), ListMerge>
        {
            [("ObjectMeta", "ownerReferences")] = By("uid"),
            [("ObjectMeta", "finalizers")] = Set(),
            [("PodSpec", "volumes")] = Retain("name"),
            [("PodSpec", "containers")] = By("name"),
            [("PodSpec", "initContainers")] = By("name"),
            [("PodSpec", "ephemeralContainers")] = By("name"),
            [("PodSpec", "imagePullSecrets")] = By("name"),
            [("PodSpec", "hostAliases")] = By("ip"),
            [("PodSpec", "topologySpreadConstraints")] = By("topologyKey", "topologyKey", "whenUnsatisfiable"),
            [("PodSpec", "schedulingGates")] = By("name"),
            [("PodSpec", "resourceClaims")] = Retain("name"),
            [("PodStatus", "conditions")] = By("type"),
            [("PodStatus", "podIPs")] = By("ip"),
            [("PodStatus", "hostIPs")] = By("ip"),
            [("PodStatus", "resourceClaimStatuses")] = Retain("name"),
            [("Container", "ports")] = By("containerPort", "containerPort", "protocol"),
            [("Container", "env")] = By("name"),
            [("Container", "volumeMounts")] = By("mountPath"),
            [("Container", "volumeDevices")] = By("devicePath"),
            [("EphemeralContainer", "ports")] = By("containerPort", "containerPort", "protocol"),
            [("EphemeralContainer", "env")] = By("name"),
            [("EphemeralContainer", "volumeMounts")] = By("mountPath"),
            [("EphemeralContainer", "volumeDevices")] = By("devicePath"),
            [("ServiceSpec", "ports")] = By("port", "port", "protocol"),
            [("ServiceStatus", "conditions")] = By("type"),
            [("ServiceAccount", "secrets")] = By("name"),
            [("NodeSpec", "podCIDRs")] = Set(),
            [("NodeStatus", "conditions")] = By("type"),
            [("NodeStatus", "addresses")] = By("type"),
            [("NamespaceStatus", "conditions")] = By("type"),
        }.ToFrozenDictionary();

    /// <summary>How patches merge a field of a Kubernetes type, or null when they replace it.</summary>
    public static ListMerge? Of(string type, string field) => Known.GetValueOrDefault((type, field));

    private static ListMerge By(string key, params string[] mapKeys) => new(key, false, mapKeys.Length == 0 ? [key] : mapKeys);

    private static ListMerge Retain(string key) => new(key, true, [key]);

    private static ListMerge Set() => new(null, false, []);
}
