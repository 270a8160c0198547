using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Sets;

/// <summary>
/// Prefixes of one family that may contain one another, and may be there several times, and the outermost of them, which
/// cover the same addresses without overlap: an interval set of the kernel refuses overlaps. A change costs a few
/// probes, whatever the size.
/// </summary>
/// <param name="bits">Bits of an address: 32 or 128.</param>
internal sealed class PrefixCover(int bits)
{
    private readonly Dictionary<IpPrefix, int> _count = [];
    private readonly int[] _ofLength = new int[bits + 1];
    private SortedSet<IpPrefix>? _sorted;

    /// <summary>True when a member is not a single address.</summary>
    public bool HasPrefixes => _ofLength[bits] != _count.Count;

    /// <summary>The distinct members, in no order.</summary>
    public IReadOnlyCollection<IpPrefix> Members => _count.Keys;

    /// <summary>The outermost members.</summary>
    public IEnumerable<IpPrefix> Outermost => HasPrefixes ? _count.Keys.Where(prefix => !IsCovered(prefix)) : _count.Keys;

    /// <summary>Adds a member and says how the outermost change.</summary>
    public void Add(IpPrefix prefix, List<IpPrefix> appeared, List<IpPrefix> vanished)
    {
        if (_count.TryGetValue(prefix, out int count))
        {
            _count[prefix] = count + 1;
            return;
        }
        if (!IsCovered(prefix))
        {
            appeared.Add(prefix);
            if (prefix.Length < bits) CollectInside(prefix, vanished);
        }
        _count[prefix] = 1;
        _ofLength[prefix.Length]++;
        _sorted?.Add(prefix);
    }

    /// <summary>Removes a member once and says how the outermost change; nothing when it is not there.</summary>
    public void Remove(IpPrefix prefix, List<IpPrefix> appeared, List<IpPrefix> vanished)
    {
        if (!_count.TryGetValue(prefix, out int count)) return;
        if (count > 1)
        {
            _count[prefix] = count - 1;
            return;
        }
        _count.Remove(prefix);
        _ofLength[prefix.Length]--;
        _sorted?.Remove(prefix);
        if (IsCovered(prefix)) return;
        vanished.Add(prefix);
        if (prefix.Length < bits) CollectInside(prefix, appeared);
    }

    /// <summary>True when a shorter member contains the prefix.</summary>
    private bool IsCovered(IpPrefix prefix)
    {
        for (int length = prefix.Length - 1; length >= 0; length--)
        {
            if (_ofLength[length] > 0 && _count.ContainsKey(new IpPrefix(prefix.Address, (byte)length))) return true;
        }
        return false;
    }

    // The members inside a prefix that are outermost among themselves.
    private void CollectInside(IpPrefix prefix, List<IpPrefix> into)
    {
        _sorted ??= [.. _count.Keys];
        IpPrefix? last = null;
        foreach (var inner in _sorted.GetViewBetween(prefix, prefix.Last.ToPrefix()))
        {
            if (inner == prefix || (last is { } outer && outer.Contains(inner))) continue;
            into.Add(inner);
            last = inner;
        }
    }
}
