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
internal sealed record ProtobufField(string Name, ProtobufShape Shape, string Type = "", bool Repeated = false, bool Map = false);

/// <summary>
/// The field numbers of the messages that kubectl from 1.33 on sends in protobuf: what its <c>create</c> subcommands make. They are those
/// of <c>generated.proto</c> in k8s.io/api and k8s.io/apimachinery, which never change.
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

    private static ProtobufField Ignored() => new("", ProtobufShape.Ignored);
}
