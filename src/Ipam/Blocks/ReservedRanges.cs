using Margay.Foundation.Primitives;

namespace Margay.Ipam.Blocks;

/// <summary>
/// The addresses that IPReservations keep from being given. Entries may overlap and nest; they are merged, so that each
/// address counts once and a question is a binary search.
/// </summary>
public sealed class ReservedRanges
{
    private readonly (IpAddr First, IpAddr Last)[] _ranges;

    /// <summary>Nothing is reserved.</summary>
    public static ReservedRanges Empty { get; } = new([]);

    /// <summary>Merges these prefixes.</summary>
    public ReservedRanges(IEnumerable<IpPrefix> prefixes)
    {
        var merged = new List<(IpAddr First, IpAddr Last)>();
        foreach (var prefix in prefixes.Order())
        {
            var (first, last) = (prefix.Address, prefix.Last);
            // Prefixes nest or are apart: one that starts inside the former also ends inside it.
            if (merged.Count > 0 && merged[^1].First.Family == first.Family && merged[^1].Last.Value >= first.Value) continue;
            merged.Add((first, last));
        }
        _ranges = [.. merged];
    }

    /// <summary>True when the address must not be given.</summary>
    public bool Contains(IpAddr address) => Find(address) is { } range && range.Last.Value >= address.Value;

    /// <summary>True when no address of the prefix may be given.</summary>
    public bool ContainsAll(IpPrefix prefix) => CountIn(prefix) == Size(prefix);

    /// <summary>How many addresses of the prefix are reserved.</summary>
    public UInt128 CountIn(IpPrefix prefix)
    {
        var count = UInt128.Zero;
        foreach (var (first, last) in _ranges)
        {
            if (first.Family != prefix.Family) continue;
            var from = UInt128.Max(first.Value, prefix.Address.Value);
            var to = UInt128.Min(last.Value, prefix.Last.Value);
            if (from <= to) count += to - from + 1;
        }
        return count;
    }

    // The size of ::/0 does not fit; it saturates, which is right for comparing and printing.
    internal static UInt128 Size(IpPrefix prefix) =>
        prefix.Address.Bits - prefix.Length is var free && free == 128 ? UInt128.MaxValue : UInt128.One << free;

    private (IpAddr First, IpAddr Last)? Find(IpAddr address)
    {
        int low = 0, high = _ranges.Length - 1;
        (IpAddr, IpAddr)? best = null;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].First.CompareTo(address) <= 0)
            {
                best = _ranges[middle];
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return best is { } range && range.Item1.Family == address.Family ? best : null;
    }
}
