using System.Text;
using Margay.Foundation.Primitives;

namespace Margay.Ipam.Blocks;

/// <summary>
/// How an address pool is cut into blocks of equal size. Blocks are numbered from the start of the pool; nothing is
/// materialised, because an IPv6 pool may hold more blocks than there is memory.
/// </summary>
public readonly record struct PoolLayout
{
    private PoolLayout(IpPrefix pool, byte blockLength) => (Pool, BlockLength) = (pool, blockLength);

    /// <summary>The pool.</summary>
    public IpPrefix Pool { get; }

    /// <summary>The prefix length of a block: 20 to 32 for IPv4, 116 to 128 for IPv6.</summary>
    public byte BlockLength { get; }

    /// <summary>The number of blocks; a power of two.</summary>
    public UInt128 BlockCount => UInt128.One << (BlockLength - Pool.Length);

    /// <summary>The number of addresses in a block: 1 to 4096.</summary>
    public int BlockSize => 1 << (Pool.Address.Bits - BlockLength);

    /// <summary>The block length that upstream takes when the pool names none: 26 for IPv4, 122 for IPv6.</summary>
    public static byte DefaultBlockLength(IpFamily family) => family == IpFamily.V4 ? (byte)26 : (byte)122;

    /// <summary>Makes a layout when the pool holds at least one block of that size and the size is allowed.</summary>
    public static bool TryCreate(IpPrefix pool, int blockLength, out PoolLayout layout)
    {
        layout = default;
        int bits = pool.Address.Bits;
        if (blockLength > bits || blockLength < bits - 12) return false;
        // 2^127 blocks of one address would still be countable; the whole of ::/0 would not.
        if (blockLength < pool.Length || blockLength - pool.Length > 127) return false;
        layout = new PoolLayout(pool, (byte)blockLength);
        return true;
    }

    /// <summary>The block with this number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pool has fewer blocks.</exception>
    public IpPrefix BlockAt(UInt128 index)
    {
        if (index >= BlockCount) throw new ArgumentOutOfRangeException(nameof(index), index, $"Pool {Pool} has {BlockCount} blocks.");
        var offset = index << (Pool.Address.Bits - BlockLength);
        return new IpPrefix(IpAddr.FromValue(Pool.Address.Value + offset, Pool.Family), BlockLength);
    }

    /// <summary>The block that holds this address of the pool.</summary>
    /// <exception cref="ArgumentException">The address is outside the pool.</exception>
    public IpPrefix BlockOf(IpAddr address) => Pool.Contains(address)
        ? new IpPrefix(address, BlockLength)
        : throw new ArgumentException($"{address} is not in pool {Pool}.", nameof(address));

    /// <summary>True when the prefix is one of this layout's blocks.</summary>
    public bool IsBlock(IpPrefix block) => block.Length == BlockLength && Pool.Contains(block);

    /// <summary>
    /// Every block once, in the order in which this node tries to claim them: from a starting point that is a hash of
    /// the node's name onward, around the end of the pool. The same node always walks the same way, so that a repeated
    /// attempt meets its own earlier steps; different nodes start apart, so that they rarely meet each other.
    /// </summary>
    public IEnumerable<IpPrefix> CandidatesFor(string node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Walk(this, node);

        static IEnumerable<IpPrefix> Walk(PoolLayout layout, string node)
        {
            var count = layout.BlockCount;
            var start = SpreadOf(node) & (count - 1);
            for (var step = UInt128.Zero; step < count; step++)
                yield return layout.BlockAt((start + step) & (count - 1));
        }
    }

    // FNV-1a, then a finaliser: names such as node-1 and node-2 differ in their last byte only, and the low bits choose.
    private static UInt128 SpreadOf(string node)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(node)) hash = (hash ^ b) * 1099511628211;
        return new UInt128(Mix(hash + 0x9E3779B97F4A7C15), Mix(hash));
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
