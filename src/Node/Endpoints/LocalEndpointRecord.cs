using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Margay.Cni.Wiring;
using Margay.Foundation.Primitives;
using Margay.Policy.Graph;

namespace Margay.Node.Endpoints;

/// <summary>What the node knows of a pod that it has wired: enough to enforce its policy again after a restart, API server or not.</summary>
internal sealed record LocalEndpointRecord
{
    /// <summary>The runtime's id of the sandbox.</summary>
    public required string ContainerId { get; init; }

    /// <summary>The pod's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The pod's name.</summary>
    public required string Name { get; init; }

    /// <summary>The interface inside the pod.</summary>
    public required string Interface { get; init; }

    /// <summary>The host's side of the veth pair.</summary>
    public required string HostInterface { get; init; }

    /// <summary>The path of the pod's network namespace, as the runtime gave it.</summary>
    public required string NetworkNamespace { get; init; }

    /// <summary>The IPAM handle that the addresses are held by.</summary>
    public required string Handle { get; init; }

    /// <summary>The pod's addresses, without prefix length.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>The identity of an attachment, as the CNI specification has it: container and interface.</summary>
    [JsonIgnore]
    public AttachmentMark Mark => new(ContainerId, Interface);

    /// <summary>The addresses as values.</summary>
    [JsonIgnore]
    public ImmutableArray<IpAddr> ParsedAddresses => [.. Addresses.Select(IpAddr.Parse)];

    /// <summary>The endpoint as the calculation knows it.</summary>
    public LocalEndpoint ToLocalEndpoint() => new(Namespace, Name, HostInterface, ParsedAddresses) { Interface = Interface };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LocalEndpointRecord))]
internal sealed partial class LocalEndpointJson : JsonSerializerContext;
