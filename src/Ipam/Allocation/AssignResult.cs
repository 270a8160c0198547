using Margay.Foundation.Primitives;

namespace Margay.Ipam.Allocation;

/// <summary>The answer to a request for addresses: <see cref="Assigned"/> or <see cref="Refused"/>.</summary>
public abstract record AssignResult;

/// <summary>Every address that was asked for.</summary>
/// <param name="Addresses">IPv4 before IPv6.</param>
public sealed record Assigned(IReadOnlyList<AssignedAddress> Addresses) : AssignResult
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Addresses.Select(a => a.Address));
}

/// <summary>One address that is given.</summary>
/// <param name="Address">The address.</param>
/// <param name="Block">The block that it belongs to.</param>
/// <param name="Borrowed">Whether the block is another node's, so that the address needs a route of its own.</param>
/// <param name="Sequence">To be named when it is released, so that a later tenant is safe.</param>
/// <param name="Known">Whether it was given by an earlier request under the same handle.</param>
public readonly record struct AssignedAddress(IpAddr Address, IpPrefix Block, bool Borrowed, ulong Sequence, bool Known);

/// <summary>Nothing is given; what this request had taken meanwhile is back.</summary>
/// <param name="Kind">Why, for programs.</param>
/// <param name="Message">Why, for people: names the pools and what each lacks.</param>
/// <param name="Pools">What was found out about each pool of the family.</param>
public sealed record Refused(RefusalKind Kind, string Message, IReadOnlyList<PoolVerdict> Pools) : AssignResult
{
    internal static Refused Because(RefusalKind kind, string message) => new(kind, message, []);
}

/// <summary>Why a request got no address.</summary>
public enum RefusalKind
{
    /// <summary>The request itself is wrong: unknown pool, malformed annotation, address in no pool.</summary>
    Invalid,

    /// <summary>No pool serves this node, namespace and use.</summary>
    NoPool,

    /// <summary>The pools that serve it have no free address, or none that this node may take.</summary>
    Exhausted,

    /// <summary>The address asked for is somebody else's.</summary>
    Taken,

    /// <summary>Too many lost races in a row; trying again later may succeed.</summary>
    Contended,
}

/// <summary>What was found out about one pool.</summary>
/// <param name="Pool">Its name.</param>
/// <param name="Eligible">Whether it may serve the request.</param>
/// <param name="Reason">Why not, or why it could not: "pool p is full: 64 of 64".</param>
public sealed record PoolVerdict(string Pool, bool Eligible, string Reason);
