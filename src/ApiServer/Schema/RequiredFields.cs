using System.Collections.Frozen;

namespace Margay.ApiServer.Schema;

/// <summary>
/// The fields of Kubernetes' own types that must be present. The client classes tell this for numbers (a number that may be absent
/// is nullable) but not for strings, lists and objects; those are listed here for the types people write by hand.
/// </summary>
internal static class RequiredFields
{
    private static readonly FrozenDictionary<string, string[]> Known = new Dictionary<string, string[]>
    {
        ["PodSpec"] = ["containers"],
        ["Container"] = ["name"],
        ["EphemeralContainer"] = ["name"],
        ["EnvVar"] = ["name"],
        ["Volume"] = ["name"],
        ["VolumeMount"] = ["mountPath", "name"],
        ["VolumeDevice"] = ["devicePath", "name"],
        ["HostPathVolumeSource"] = ["path"],
        ["KeyToPath"] = ["key", "path"],
        ["ConfigMapKeySelector"] = ["key"],
        ["SecretKeySelector"] = ["key"],
        ["ObjectFieldSelector"] = ["fieldPath"],
        ["HTTPGetAction"] = ["port"],
        ["TCPSocketAction"] = ["port"],
        ["HTTPHeader"] = ["name", "value"],
        ["HostAlias"] = ["ip"],
        ["NodeSelector"] = ["nodeSelectorTerms"],
        ["NodeSelectorRequirement"] = ["key", "operator"],
        ["LabelSelectorRequirement"] = ["key", "operator"],
        ["OwnerReference"] = ["apiVersion", "kind", "name", "uid"],
        ["Taint"] = ["effect", "key"],
        ["NodeAddress"] = ["address", "type"],
        ["NodeCondition"] = ["status", "type"],
        ["PodCondition"] = ["status", "type"],
        ["Condition"] = ["lastTransitionTime", "message", "reason", "status", "type"],
        ["EndpointAddress"] = ["ip"],
        ["Endpoint"] = ["addresses"],
        ["EndpointSlice"] = ["addressType", "endpoints"],
        ["IPBlock"] = ["cidr"],
        ["Event"] = ["involvedObject", "metadata"],
    }.ToFrozenDictionary();

    /// <summary>The required fields of a Kubernetes type that its class does not tell.</summary>
    public static IReadOnlyList<string> Of(string type) => Known.GetValueOrDefault(type) ?? [];
}
