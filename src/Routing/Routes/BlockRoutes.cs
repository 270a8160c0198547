using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Routing.Routes;

/// <summary>A prefix and the node that has it.</summary>
/// <param name="Prefix">A block, or one address of it.</param>
/// <param name="Node">The node's name.</param>
/// <param name="IsBlock">A block, not a borrowed address.</param>
internal readonly record struct NodePrefix(IpPrefix Prefix, string Node, bool IsBlock);

/// <summary>Reads a block: the node that owns it, and each address that a pod of another node has borrowed.</summary>
internal static class BlockRoutes
{
    private const string HostAffinity = "host:";
    private const string NodeAttribute = "node";

    internal static IEnumerable<NodePrefix> Of(IPAMBlock block)
    {
        var spec = block.Spec;
        if (spec.Deleted || !IpPrefix.TryParse(spec.Cidr, out var cidr)) yield break;
        string? owner = spec.Affinity?.StartsWith(HostAffinity, StringComparison.Ordinal) == true ? spec.Affinity[HostAffinity.Length..] : null;
        if (owner is not null) yield return new NodePrefix(cidr, owner, IsBlock: true);
        for (int ordinal = 0; ordinal < spec.Allocations.Count; ordinal++)
            if (UserOf(spec, ordinal) is { } user && user != owner)
                yield return new NodePrefix(AddressAt(cidr, ordinal).ToPrefix(), user, IsBlock: false);
    }

    // An address that rests after its release leads nowhere.
    private static string? UserOf(IPAMBlockSpec spec, int ordinal) =>
        spec.Allocations[ordinal] is { } index && index >= 0 && index < spec.Attributes.Count && spec.Attributes[index] is { ReleasedAt: null } attributes
            ? attributes.ActiveOwnerAttrs?.GetValueOrDefault(NodeAttribute)
            : null;

    private static IpAddr AddressAt(IpPrefix cidr, int ordinal) => IpAddr.FromValue(cidr.Address.Value + (uint)ordinal, cidr.Family);
}
