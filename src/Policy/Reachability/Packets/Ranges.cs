using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Reachability.Packets;

/// <summary>
/// A set of numbers from 0 to 65535 (ports, ICMP types, ICMP codes), as ranges in their one normal form: sorted, disjoint,
/// never adjacent. Two sets are the same when their ranges are.
/// </summary>
public sealed class Ranges : IEquatable<Ranges>
{
    private readonly PortRange[] _ranges;
    private readonly int _hash;

    private Ranges(PortRange[] ranges)
    {
        _ranges = ranges;
        var hash = new HashCode();
        foreach (var range in ranges) hash.Add(range);
        _hash = hash.ToHashCode();
    }

    /// <summary>No number.</summary>
    public static Ranges Empty { get; } = new([]);

    /// <summary>True when there is no number.</summary>
    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>The ranges, in order.</summary>
    public ImmutableArray<PortRange> Items => [.. _ranges];

    /// <summary>The smallest number; the set must not be empty.</summary>
    public ushort First => _ranges[0].First;

    /// <summary>The numbers from one to another, both included.</summary>
    public static Ranges Of(int first, int last) => new([new PortRange((ushort)first, (ushort)last)]);

    /// <summary>The numbers in any of the ranges, which may overlap.</summary>
    public static Ranges Of(IEnumerable<PortRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var normal = new List<PortRange>();
        foreach (var range in ranges.OrderBy(r => r.First))
        {
            if (range.Last < range.First) continue;
            if (normal.Count > 0 && range.First <= normal[^1].Last + 1)
                normal[^1] = new PortRange(normal[^1].First, Math.Max(normal[^1].Last, range.Last));
            else
                normal.Add(range);
        }
        return normal.Count == 0 ? Empty : new([.. normal]);
    }

    /// <summary>True when the number is in the set.</summary>
    public bool Contains(int number)
    {
        int low = 0, high = _ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (number < _ranges[middle].First) high = middle - 1;
            else if (number > _ranges[middle].Last) low = middle + 1;
            else return true;
        }
        return false;
    }

    /// <summary>Combines two sets number by number.</summary>
    internal static Ranges Combine(Ranges left, Ranges right, SetOperation operation)
    {
        if (Shortcut(left, right, operation) is { } known) return known;
        var result = new List<PortRange>(left._ranges.Length + right._ranges.Length);
        int a = 0, b = 0, start = -1;
        bool inLeft = false, inRight = false;
        while (true)
        {
            // The next number at which one of the sets begins or ends.
            int nextLeft = Boundary(left._ranges, a, inLeft), nextRight = Boundary(right._ranges, b, inRight);
            int at = Math.Min(nextLeft, nextRight);
            if (at == int.MaxValue) break;
            if (nextLeft == at)
            {
                if (inLeft) a++;
                inLeft = !inLeft;
            }
            if (nextRight == at)
            {
                if (inRight) b++;
                inRight = !inRight;
            }
            bool inside = operation.Keeps(inLeft, inRight);
            if (inside && start < 0) start = at;
            if (inside || start < 0) continue;
            result.Add(new PortRange((ushort)start, (ushort)(at - 1)));
            start = -1;
        }
        return result.Count == 0 ? Empty : new([.. result]);
    }

    /// <inheritdoc/>
    public bool Equals(Ranges? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _ranges.AsSpan().SequenceEqual(other._ranges));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Ranges);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public override string ToString() => string.Join(",", _ranges);

    private static int Boundary(PortRange[] ranges, int index, bool inside) =>
        index >= ranges.Length ? int.MaxValue : inside ? ranges[index].Last + 1 : ranges[index].First;

    private static Ranges? Shortcut(Ranges left, Ranges right, SetOperation operation)
    {
        bool same = left.Equals(right);
        return operation switch
        {
            SetOperation.And => same ? left : left.IsEmpty || right.IsEmpty ? Empty : null,
            SetOperation.Or => same || right.IsEmpty ? left : left.IsEmpty ? right : null,
            _ => same || left.IsEmpty ? Empty : right.IsEmpty ? left : null,
        };
    }
}
