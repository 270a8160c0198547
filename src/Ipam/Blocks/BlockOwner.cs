using System.Diagnostics.CodeAnalysis;

namespace Margay.Ipam.Blocks;

/// <summary>Who a block belongs to. A block without an owner serves borrowers only, until it is empty.</summary>
/// <param name="Type">"host" for a node, "virtual" for what is no node, such as the load balancer controller.</param>
/// <param name="Name">The node's name, or the virtual owner's.</param>
public readonly record struct BlockOwner(string Type, string Name)
{
    /// <summary>The type of a node.</summary>
    public const string HostType = "host";

    /// <summary>The type of an owner that is no node.</summary>
    public const string VirtualType = "virtual";

    /// <summary>The owner of the blocks that addresses of services come from; upstream's name.</summary>
    public static readonly BlockOwner LoadBalancer = new(VirtualType, "load-balancer");

    /// <summary>The owner that is this node.</summary>
    public static BlockOwner Host(string node) => new(HostType, node);

    /// <summary>Reads the affinity of a block, "host:NODE" or "virtual:NAME".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BlockOwner owner)
    {
        owner = default;
        if (text is null) return false;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || colon == text.Length - 1) return false;
        string type = text[..colon];
        if (type is not (HostType or VirtualType)) return false;
        owner = new BlockOwner(type, text[(colon + 1)..]);
        return true;
    }

    /// <summary>The form that stands in a block: "host:NODE".</summary>
    public override string ToString() => $"{Type}:{Name}";
}
