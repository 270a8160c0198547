namespace Margay.Policy.Reachability.Packets;

/// <summary>
/// A set of pairs of numbers: source port and destination port, or ICMP type and code. Stored as strips of the first
/// number, each with the second numbers that belong to it, in their one normal form: sorted, disjoint, none empty, and no
/// two adjacent strips alike. Two sets are the same when their strips are.
/// </summary>
public sealed class Plane : IEquatable<Plane>
{
    /// <summary>The pairs whose first number is in a range and whose second is in a set.</summary>
    internal readonly record struct Strip(int First, int Last, Ranges Second);

    private readonly Strip[] _strips;
    private readonly int _hash;

    private Plane(Strip[] strips)
    {
        _strips = strips;
        var hash = new HashCode();
        foreach (var strip in strips) hash.Add(strip);
        _hash = hash.ToHashCode();
    }

    /// <summary>No pair.</summary>
    public static Plane Empty { get; } = new([]);

    /// <summary>Every pair of ports.</summary>
    public static Plane AllPorts { get; } = Of(Ranges.Of(0, ushort.MaxValue), Ranges.Of(0, ushort.MaxValue));

    /// <summary>Every pair of an ICMP type and a code.</summary>
    public static Plane AllMessages { get; } = Of(Ranges.Of(0, byte.MaxValue), Ranges.Of(0, byte.MaxValue));

    /// <summary>True when there is no pair.</summary>
    public bool IsEmpty => _strips.Length == 0;

    /// <summary>The strips, in order.</summary>
    internal ReadOnlySpan<Strip> Strips => _strips;

    /// <summary>Every pair of a number of one set with a number of the other.</summary>
    public static Plane Of(Ranges first, Ranges second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first.IsEmpty || second.IsEmpty ? Empty : new([.. first.Items.Select(r => new Strip(r.First, r.Last, second))]);
    }

    /// <summary>True when the pair is in the set.</summary>
    public bool Contains(int first, int second)
    {
        foreach (var strip in _strips)
            if (first >= strip.First && first <= strip.Last) return strip.Second.Contains(second);
        return false;
    }

    /// <summary>Combines two sets pair by pair.</summary>
    internal static Plane Combine(Plane left, Plane right, SetOperation operation)
    {
        if (Shortcut(left, right, operation) is { } known) return known;
        var result = new List<Strip>(left._strips.Length + right._strips.Length);
        int a = 0, b = 0, at = 0;
        while (a < left._strips.Length || b < right._strips.Length)
        {
            var l = a < left._strips.Length ? left._strips[a] : new Strip(int.MaxValue, int.MaxValue, Ranges.Empty);
            var r = b < right._strips.Length ? right._strips[b] : new Strip(int.MaxValue, int.MaxValue, Ranges.Empty);
            at = Math.Max(at, Math.Min(l.First, r.First));
            bool inLeft = at >= l.First, inRight = at >= r.First;
            int end = Math.Min(inLeft ? l.Last : l.First - 1, inRight ? r.Last : r.First - 1);
            Append(result, new Strip(at, end, Ranges.Combine(inLeft ? l.Second : Ranges.Empty, inRight ? r.Second : Ranges.Empty, operation)));
            at = end + 1;
            if (inLeft && at > l.Last) a++;
            if (inRight && at > r.Last) b++;
        }
        return result.Count == 0 ? Empty : new([.. result]);
    }

    /// <inheritdoc/>
    public bool Equals(Plane? other) =>
        ReferenceEquals(this, other) || (other is not null && _hash == other._hash && _strips.AsSpan().SequenceEqual(other._strips));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Plane);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    private static void Append(List<Strip> strips, Strip strip)
    {
        if (strip.Second.IsEmpty) return;
        if (strips.Count > 0 && strips[^1].Last + 1 == strip.First && strips[^1].Second.Equals(strip.Second))
            strips[^1] = strips[^1] with { Last = strip.Last };
        else
            strips.Add(strip);
    }

    private static Plane? Shortcut(Plane left, Plane right, SetOperation operation)
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
