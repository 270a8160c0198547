using System.Collections.Immutable;

namespace Margay.Dataplane.Contract;

/// <summary>
/// Equality of lists by content. The records of the contract are values: two of them that say the same are equal, which
/// a record alone does not give for its lists (an <see cref="ImmutableArray{T}"/> compares by reference).
/// </summary>
internal static class Content
{
    internal static bool Same<T>(ImmutableArray<T> left, ImmutableArray<T> right) where T : IEquatable<T> =>
        left.AsSpan().SequenceEqual(right.AsSpan());

    /// <summary>A cheap hash: the length and the ends, enough to tell apart what is usually compared.</summary>
    internal static int Hash<T>(ImmutableArray<T> list) where T : IEquatable<T> =>
        list.IsDefaultOrEmpty ? 0 : HashCode.Combine(list.Length, list[0], list[^1]);
}
