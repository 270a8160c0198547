using Margay.Foundation.Primitives;

namespace Margay.Policy.Reachability.Addresses;

/// <summary>Addresses of one family from one to another, both included.</summary>
/// <param name="First">The first address.</param>
/// <param name="Last">The last address.</param>
public readonly record struct AddressRange(IpAddr First, IpAddr Last)
{
    /// <summary>The fewest prefixes that make up the range.</summary>
    public IEnumerable<IpPrefix> Prefixes()
    {
        var (value, last, bits) = (First.Value, Last.Value, First.Bits);
        while (true)
        {
            // The largest prefix that begins here and does not pass the end.
            int free = 0;
            while (free < bits && ((value >> free) & UInt128.One) == 0 && Reach(value, free + 1) <= last) free++;
            yield return new IpPrefix(IpAddr.FromValue(value, First.Family), (byte)(bits - free));
            if (Reach(value, free) >= last) yield break;
            value = Reach(value, free) + 1;
        }
    }

    private static UInt128 Reach(UInt128 value, int free) => free == 128 ? UInt128.MaxValue : value | ((UInt128.One << free) - 1);
}
