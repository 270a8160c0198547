using Margay.Ipam.Blocks;

namespace Margay.Ipam.Warm;

/// <summary>
/// How an address looks in its block while a node keeps it ready for its next pod: an allocation like any other, whose
/// handle and attributes name the node. Upstream's tools and collector leave it alone as long as the node exists.
/// </summary>
public static class WarmOwner
{
    /// <summary>The value of <see cref="OwnerAttributes.Type"/>.</summary>
    public const string Type = "margayWarmAddress";

    private const string HandlePrefix = "margay-warm.";

    /// <summary>Handle and attributes of what the node keeps ready.</summary>
    public static AllocationOwner Of(string node) => new()
    {
        HandleId = HandlePrefix + node,
        Attributes = new Dictionary<string, string> { [OwnerAttributes.Node] = node, [OwnerAttributes.Type] = Type },
    };

    /// <summary>True for an address that this node keeps ready.</summary>
    public static bool IsOf(string node, AllocationOwner owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return owner.CleanHandle == HandlePrefix + node && !owner.IsCooling;
    }
}
