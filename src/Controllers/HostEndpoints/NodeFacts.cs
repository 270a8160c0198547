using System.Text.Json;
using System.Text.Json.Serialization;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Controllers.HostEndpoints;

/// <summary>What a node says of its addresses and interfaces, in its status and in the annotations of node services. Pure.</summary>
internal static class NodeFacts
{
    private const string Interfaces = "projectcalico.org/Interfaces";

    // In upstream's order, which is the order in the host endpoint.
    private static readonly string[] AddressAnnotations =
    [
        "projectcalico.org/IPv4Address", "projectcalico.org/IPv6Address", "projectcalico.org/IPv4IPIPTunnelAddr",
        "projectcalico.org/IPv4VXLANTunnelAddr", "projectcalico.org/IPv6VXLANTunnelAddr",
        "projectcalico.org/IPv4WireguardInterfaceAddr", "projectcalico.org/IPv6WireguardInterfaceAddr",
    ];

    /// <summary>Every address of the node that others may see packets from: its own, those of tunnels, those of interfaces.</summary>
    public static IReadOnlyList<IpAddr> AddressesOf(Node node)
    {
        var found = new List<IpAddr>();
        var annotations = node.Metadata.Annotations;
        foreach (string key in AddressAnnotations) Add(annotations?.GetValueOrDefault(key));
        foreach (var address in node.Status?.Addresses ?? [])
        {
            if (address.Type == "InternalIP") Add(address.Address);
        }
        foreach (var address in InterfacesOf(node).SelectMany(i => i.Addresses)) Add(address);
        return found;

        void Add(string? text)
        {
            if (AddressIn(text) is { } address && !found.Contains(address)) found.Add(address);
        }
    }

    /// <summary>The interfaces that the node service has published; none when it has not.</summary>
    public static IReadOnlyList<NodeInterface> InterfacesOf(Node node)
    {
        if (node.Metadata.Annotations?.GetValueOrDefault(Interfaces) is not { Length: > 0 } text) return [];
        try
        {
            return [.. (JsonSerializer.Deserialize(text, NodeFactsJson.Default.ListNodeInterface) ?? []).Where(i => i.Name.Length > 0)];
        }
        catch (JsonException)
        {
            return [];   // as upstream: what the annotation meant is not known
        }
    }

    /// <summary>An address as annotations hold it, with or without the length of its network.</summary>
    public static IpAddr? AddressIn(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return IpAddr.TryParse(slash < 0 ? text : text[..slash], out var address) ? address : null;
    }
}

/// <summary>An interface of a node.</summary>
internal sealed class NodeInterface
{
    /// <summary>Its name.</summary>
    public string Name { get; set => field = value ?? ""; } = "";

    /// <summary>Its addresses.</summary>
    public List<string> Addresses { get; set => field = value ?? []; } = [];
}

[JsonSourceGenerationOptions(PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(List<NodeInterface>))]
internal sealed partial class NodeFactsJson : JsonSerializerContext;
