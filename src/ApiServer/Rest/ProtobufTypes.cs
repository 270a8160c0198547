using System.Collections.Frozen;

namespace Margay.ApiServer.Rest;

/// <summary>What a field of a Kubernetes protobuf message holds.</summary>
internal enum ProtobufShape
{
    /// <summary>A string; empty is absent.</summary>
    Text,

    /// <summary>A whole number; 0 is absent.</summary>
    Whole,

    /// <summary>A truth value.</summary>
    Flag,

    /// <summary>Bytes, base64 in JSON.</summary>
    Bytes,

    /// <summary>A time in seconds since 1970; nothing is absent.</summary>
    Time,

    /// <summary>A port: number or name.</summary>
    IntOrString,

    /// <summary>JSON as it is.</summary>
    Json,

    /// <summary>A message of its own.</summary>
    Message,

    /// <summary>What clients cannot set here; it is passed over.</summary>
    Ignored,
}

/// <summary>A field of a message.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Shape">What it holds.</param>
/// <param name="Type">The message, for <see cref="ProtobufShape.Message"/>.</param>
/// <param name="Repeated">Whether it is a list.</param>
/// <param name="Map">Whether it is a map from strings.</param>
/// <param name="Keeps">Whether an empty string says something: the core group in a list of groups, say.</param>
internal sealed record ProtobufField(string Name, ProtobufShape Shape, string Type = "", bool Repeated = false, bool Map = false, bool Keeps = false);

/// <summary>
/// The field numbers of the messages that kubectl from 1.33 on sends in protobuf: what its <c>create</c> and <c>auth</c> subcommands make.
/// They are those of <c>generated.proto</c> in k8s.io/api and k8s.io/apimachinery, which never change.
/// </summary>
internal static class ProtobufTypes
{
    private static readonly ProtobufField Meta = Message("metadata", "ObjectMeta");

    private static readonly FrozenDictionary<string, Dictionary<int, ProtobufField>> Known = new Dictionary<string, Dictionary<int, ProtobufField>>
    {
        ["Namespace"] = new() { [1] = Meta, [2] = Message("spec", "NamespaceSpec"), [3] = Ignored() },
        ["NamespaceSpec"] = new() { [1] = Text("finalizers") with { Repeated = true } },
        ["ConfigMap"] = new() { [1] = Meta, [2] = Text("data") with { Map = true }, [3] = Bytes("binaryData") with { Map = true }, [4] = Flag("immutable") },
        ["Secret"] = new()
        {
            [1] = Meta, [2] = Bytes("data") with { Map = true }, [3] = Text("type"), [4] = Text("stringData") with { Map = true }, [5] = Flag("immutable"),
        },
        ["ServiceAccount"] = new()
        {
            [1] = Meta, [2] = Message("secrets", "ObjectReference") with { Repeated = true },
            [3] = Message("imagePullSecrets", "LocalObjectReference") with { Repeated = true }, [4] = Flag("automountServiceAccountToken"),
        },
        ["Service"] = new() { [1] = Meta, [2] = Message("spec", "ServiceSpec"), [3] = Ignored() },
        ["ServiceSpec"] = new()
        {
            [1] = Message("ports", "ServicePort") with { Repeated = true }, [2] = Text("selector") with { Map = true }, [3] = Text("clusterIP"),
            [4] = Text("type"), [5] = Text("externalIPs") with { Repeated = true }, [7] = Text("sessionAffinity"), [8] = Text("loadBalancerIP"),
            [9] = Text("loadBalancerSourceRanges") with { Repeated = true }, [10] = Text("externalName"), [11] = Text("externalTrafficPolicy"),
            [12] = Whole("healthCheckNodePort"), [13] = Flag("publishNotReadyAddresses"), [14] = Message("sessionAffinityConfig", "SessionAffinityConfig"),
            [17] = Text("ipFamilyPolicy"), [18] = Text("clusterIPs") with { Repeated = true }, [19] = Text("ipFamilies") with { Repeated = true },
            [20] = Flag("allocateLoadBalancerNodePorts"), [21] = Text("loadBalancerClass"), [22] = Text("internalTrafficPolicy"),
            [23] = Text("trafficDistribution"),
        },
        ["ServicePort"] = new()
        {
            [1] = Text("name"), [2] = Text("protocol"), [3] = Whole("port"), [4] = new("targetPort", ProtobufShape.IntOrString), [5] = Whole("nodePort"),
            [6] = Text("appProtocol"),
        },
        ["SessionAffinityConfig"] = new() { [1] = Message("clientIP", "ClientIPConfig") },
        ["ClientIPConfig"] = new() { [1] = Whole("timeoutSeconds") },
        ["ObjectReference"] = new()
        {
            [1] = Text("kind"), [2] = Text("namespace"), [3] = Text("name"), [4] = Text("uid"), [5] = Text("apiVersion"), [6] = Text("resourceVersion"),
            [7] = Text("fieldPath"),
        },
        ["LocalObjectReference"] = new() { [1] = Text("name") },
        ["Role"] = new() { [1] = Meta, [2] = Rules() },
        ["ClusterRole"] = new() { [1] = Meta, [2] = Rules(), [3] = Message("aggregationRule", "AggregationRule") },
        ["RoleBinding"] = new() { [1] = Meta, [2] = Message("subjects", "Subject") with { Repeated = true }, [3] = Message("roleRef", "RoleRef") },
        ["ClusterRoleBinding"] = new() { [1] = Meta, [2] = Message("subjects", "Subject") with { Repeated = true }, [3] = Message("roleRef", "RoleRef") },
        ["PolicyRule"] = new()
        {
            [1] = Text("verbs") with { Repeated = true }, [2] = Text("apiGroups") with { Repeated = true, Keeps = true },
            [3] = Text("resources") with { Repeated = true }, [4] = Text("resourceNames") with { Repeated = true },
            [5] = Text("nonResourceURLs") with { Repeated = true },
        },
        ["AggregationRule"] = new() { [1] = Message("clusterRoleSelectors", "LabelSelector") with { Repeated = true } },
        ["LabelSelector"] = new() { [1] = Text("matchLabels") with { Map = true }, [2] = Message("matchExpressions", "LabelSelectorRequirement") with { Repeated = true } },
        ["LabelSelectorRequirement"] = new() { [1] = Text("key"), [2] = Text("operator"), [3] = Text("values") with { Repeated = true, Keeps = true } },
        ["Subject"] = new() { [1] = Text("kind"), [2] = Text("apiGroup"), [3] = Text("name"), [4] = Text("namespace") },
        ["RoleRef"] = new() { [1] = Text("apiGroup"), [2] = Text("kind"), [3] = Text("name") },
        ["SelfSubjectAccessReview"] = new() { [1] = Meta, [2] = Message("spec", "SelfSubjectAccessReviewSpec"), [3] = Ignored() },
        ["SelfSubjectAccessReviewSpec"] = new()
        {
            [1] = Message("resourceAttributes", "ResourceAttributes"), [2] = Message("nonResourceAttributes", "NonResourceAttributes"),
        },
        ["ResourceAttributes"] = new()
        {
            [1] = Text("namespace"), [2] = Text("verb"), [3] = Text("group"), [4] = Text("version"), [5] = Text("resource"), [6] = Text("subresource"),
            [7] = Text("name"),
        },
        ["NonResourceAttributes"] = new() { [1] = Text("path"), [2] = Text("verb") },
        ["SelfSubjectRulesReview"] = new() { [1] = Meta, [2] = Message("spec", "SelfSubjectRulesReviewSpec"), [3] = Ignored() },
        ["SelfSubjectRulesReviewSpec"] = new() { [1] = Text("namespace") },
        ["SelfSubjectReview"] = new() { [1] = Meta, [2] = Ignored() },
        ["TokenRequest"] = new() { [1] = Meta, [2] = Message("spec", "TokenRequestSpec"), [3] = Ignored() },
        ["TokenRequestSpec"] = new()
        {
            [1] = Text("audiences") with { Repeated = true }, [3] = Message("boundObjectRef", "BoundObjectReference"), [4] = Whole("expirationSeconds"),
        },
        ["BoundObjectReference"] = new() { [1] = Text("kind"), [2] = Text("apiVersion"), [3] = Text("name"), [4] = Text("uid") },
        ["DeleteOptions"] = new()
        {
            [1] = Whole("gracePeriodSeconds"), [2] = Message("preconditions", "Preconditions"), [3] = Flag("orphanDependents"),
            [4] = Text("propagationPolicy"), [5] = Text("dryRun") with { Repeated = true }, [6] = Flag("ignoreStoreReadErrorWithClusterBreakingPotential"),
        },
        ["Preconditions"] = new() { [1] = Text("uid"), [2] = Text("resourceVersion") },
        ["ObjectMeta"] = new()
        {
            [1] = Text("name"), [2] = Text("generateName"), [3] = Text("namespace"), [4] = Text("selfLink"), [5] = Text("uid"), [6] = Text("resourceVersion"),
            [7] = Whole("generation"), [8] = new("creationTimestamp", ProtobufShape.Time), [9] = new("deletionTimestamp", ProtobufShape.Time),
            [10] = Whole("deletionGracePeriodSeconds"), [11] = Text("labels") with { Map = true }, [12] = Text("annotations") with { Map = true },
            [13] = Message("ownerReferences", "OwnerReference") with { Repeated = true }, [14] = Text("finalizers") with { Repeated = true },
            [17] = Message("managedFields", "ManagedFieldsEntry") with { Repeated = true },
        },
        ["OwnerReference"] = new()
        {
            [1] = Text("kind"), [3] = Text("name"), [4] = Text("uid"), [5] = Text("apiVersion"), [6] = Flag("controller"), [7] = Flag("blockOwnerDeletion"),
        },
        ["ManagedFieldsEntry"] = new()
        {
            [1] = Text("manager"), [2] = Text("operation"), [3] = Text("apiVersion"), [4] = new("time", ProtobufShape.Time), [6] = Text("fieldsType"),
            [7] = new("fieldsV1", ProtobufShape.Json), [8] = Text("subresource"),
        },
    }.ToFrozenDictionary();

    /// <summary>The fields of a message by their numbers, or null when the message is not known.</summary>
    public static IReadOnlyDictionary<int, ProtobufField>? Find(string message) => Known.GetValueOrDefault(message);

    private static ProtobufField Text(string name) => new(name, ProtobufShape.Text);

    private static ProtobufField Whole(string name) => new(name, ProtobufShape.Whole);

    private static ProtobufField Flag(string name) => new(name, ProtobufShape.Flag);

    private static ProtobufField Bytes(string name) => new(name, ProtobufShape.Bytes);

    private static ProtobufField Message(string name, string type) => new(name, ProtobufShape.Message, type);

    private static ProtobufField Rules() => Message("rules", "PolicyRule") with { Repeated = true };

    private static ProtobufField Ignored() => new("", ProtobufShape.Ignored);
}
