using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Routing.Routes;

/// <summary>The addresses by which other nodes reach a node; a family without one is <see cref="IpFamily.None"/>.</summary>
/// <param name="V4">The IPv4 address.</param>
/// <param name="V6">The IPv6 address.</param>
public readonly record struct NodeAddresses(IpAddr V4, IpAddr V6)
{
    /// <summary>Where the node service publishes its IPv4 address, with the prefix length of its network.</summary>
    public const string V4Annotation = "projectcalico.org/IPv4Address";

    /// <summary>Where the node service publishes its IPv6 address, with the prefix length of its network.</summary>
    public const string V6Annotation = "projectcalico.org/IPv6Address";

    private const string InternalIp = "InternalIP";

    /// <summary>The address of a family, or null.</summary>
    public IpAddr? Of(IpFamily family)
    {
        var address = family == IpFamily.V4 ? V4 : V6;
        return address.Family == IpFamily.None ? null : address;
    }

    /// <summary>Reads a node: its annotations first, else the first internal address of each family in its status.</summary>
    public static NodeAddresses From(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new NodeAddresses(Find(node, IpFamily.V4, V4Annotation), Find(node, IpFamily.V6, V6Annotation));
    }

    private static IpAddr Find(Node node, IpFamily family, string annotation)
    {
        if (node.Metadata.Annotations?.GetValueOrDefault(annotation) is { } text && AddressOf(text) is { } announced && announced.Family == family)
            return announced;
        foreach (var entry in node.Status?.Addresses ?? [])
            if (entry.Type == InternalIp && IpAddr.TryParse(entry.Address, out var address) && address.Family == family) return address;
        return default;
    }

    // "address/length": the host part is what is wanted, so that it is no prefix.
    private static IpAddr? AddressOf(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return IpAddr.TryParse(slash < 0 ? text : text[..slash], out var address) ? address : null;
    }
}
