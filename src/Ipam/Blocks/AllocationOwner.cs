namespace Margay.Ipam.Blocks;

/// <summary>
/// What is known about one or several allocations of a block: their handle and owner. Immutable; allocations with equal
/// attributes share one.
/// </summary>
public sealed class AllocationOwner
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>The name under which the owner can find and release its addresses; null when it has none.</summary>
    public string? HandleId { get; init; }

    /// <summary>Pod, namespace, node, timestamp, type: see <see cref="OwnerAttributes"/>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = None;

    /// <summary>A second owner while a virtual machine moves; null when there is none.</summary>
    public IReadOnlyDictionary<string, string>? AlternateOwner { get; init; }

    /// <summary>When the address was released, while it cools down; null when it is in use.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>True for an address that is released but may not be given again yet.</summary>
    public bool IsCooling => ReleasedAt is not null;

    /// <summary>
    /// True when the handle is this one. Upstream's migration from host-local wrote handles with a carriage return and
    /// an interface name behind; readers ignore that tail.
    /// </summary>
    public bool HasHandle(string handle) => CleanHandle is { } own && own == handle;

    /// <summary>The handle without the tail that <see cref="HasHandle"/> ignores.</summary>
    public string? CleanHandle
    {
        get
        {
            if (HandleId is null) return null;
            int tail = HandleId.IndexOf('\r', StringComparison.Ordinal);
            return tail < 0 ? HandleId : HandleId[..tail];
        }
    }

    /// <summary>One value of the owner, or null.</summary>
    public string? this[string name] => Attributes.GetValueOrDefault(name);

    internal bool SameAs(AllocationOwner other) =>
        HandleId == other.HandleId && ReleasedAt == other.ReleasedAt && SameMap(Attributes, other.Attributes)
        && (AlternateOwner is null) == (other.AlternateOwner is null)
        && (AlternateOwner is null || SameMap(AlternateOwner, other.AlternateOwner!));

    private static bool SameMap(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out string? value) && value == pair.Value);
}
