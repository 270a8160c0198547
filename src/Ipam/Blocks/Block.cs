using Margay.Foundation.Primitives;

namespace Margay.Ipam.Blocks;

/// <summary>
/// A working copy of one block: which ordinal is given to whom, and in which order the free ones are given next.
/// It is read from an IPAMBlock, edited by one caller, and written back as a whole under compare-and-swap; the object
/// that was read is never touched, so an edit that lost its race leaves no trace.
/// </summary>
/// <remarks>
/// Addresses are given first in, first out: the one that has been free longest comes next, which keeps a new pod from
/// inheriting packets, caches and connections of the last one. Each allocation remembers the block's sequence number at
/// the time; a release that names another number is about an earlier tenant and is refused.
/// </remarks>
public sealed partial class Block
{
    private readonly int?[] _allocations;
    private readonly List<int> _free;
    private readonly List<AllocationOwner> _owners;
    private readonly Dictionary<int, ulong> _sequences;

    internal Block(IpPrefix cidr, int?[] allocations, List<int> free, List<AllocationOwner> owners,
        Dictionary<int, ulong> sequences)
    {
        Cidr = cidr;
        _allocations = allocations;
        _free = free;
        _owners = owners;
        _sequences = sequences;
    }

    /// <summary>The addresses of the block.</summary>
    public IpPrefix Cidr { get; }

    /// <summary>Who may claim addresses without borrowing; null when nobody does.</summary>
    public BlockOwner? Owner { get; set; }

    /// <summary>When the owner claimed it; old blocks have none.</summary>
    public DateTimeOffset? ClaimedAt { get; set; }

    /// <summary>Rises with every write of the block, and starts from the clock so that a block made anew goes on rising.</summary>
    public ulong SequenceNumber { get; internal set; }

    /// <summary>The number of addresses, free or not.</summary>
    public int Size => _allocations.Length;

    /// <summary>The free ordinals, next to be given first. Reserved ones are among them.</summary>
    public IReadOnlyList<int> Free => _free;

    /// <summary>What the allocations point at.</summary>
    public IReadOnlyList<AllocationOwner> Owners => _owners;

    /// <summary>True when no address is in use or cooling down, but for those that Windows nodes keep.</summary>
    public bool IsEmpty => _allocations.All(index =>
        index is not { } i || string.Equals(_owners[i].HandleId, OwnerAttributes.WindowsReservedHandle, StringComparison.OrdinalIgnoreCase));

    /// <summary>Every allocation, cooling ones too, in order of address.</summary>
    public IEnumerable<GivenAddress> Allocations
    {
        get
        {
            for (int ordinal = 0; ordinal < Size; ordinal++)
            {
                if (_allocations[ordinal] is { } index)
                    yield return new GivenAddress(AddressAt(ordinal), ordinal, _owners[index], SequenceOf(ordinal));
            }
        }
    }

    /// <summary>A block in which everything is free.</summary>
    /// <param name="cidr">The addresses.</param>
    /// <param name="owner">Who claims it.</param>
    /// <param name="now">The claim time; its nanoseconds since 1970 start the sequence, as upstream's do.</param>
    public static Block Create(IpPrefix cidr, BlockOwner owner, DateTimeOffset now)
    {
        int size = 1 << (cidr.Address.Bits - cidr.Length);
        return new Block(cidr, new int?[size], [.. Enumerable.Range(0, size)], [], [])
        {
            Owner = owner,
            ClaimedAt = now,
            SequenceNumber = (ulong)(now - DateTimeOffset.UnixEpoch).Ticks * 100,
        };
    }

    /// <summary>The address with this ordinal.</summary>
    public IpAddr AddressAt(int ordinal) => IpAddr.FromValue(Cidr.Address.Value + (uint)ordinal, Cidr.Family);

    /// <summary>The ordinal of an address of this block.</summary>
    /// <exception cref="ArgumentException">The address is outside.</exception>
    public int OrdinalOf(IpAddr address) => Cidr.Contains(address)
        ? (int)(address.Value - Cidr.Address.Value)
        : throw new ArgumentException($"{address} is not in block {Cidr}.", nameof(address));

    /// <summary>What is known about an address of this block; null when it is free.</summary>
    public GivenAddress? Find(IpAddr address)
    {
        int ordinal = OrdinalOf(address);
        return _allocations[ordinal] is { } index ? new GivenAddress(address, ordinal, _owners[index], SequenceOf(ordinal)) : null;
    }

    /// <summary>The addresses in use under this handle, in order of address; cooling ones have lost theirs.</summary>
    public IEnumerable<GivenAddress> OfHandle(string handle) =>
        Allocations.Where(a => !a.Owner.IsCooling && a.Owner.HasHandle(handle));

    /// <summary>How many addresses can still be given.</summary>
    public int FreeCount(ReservedRanges reserved) => _free.Count(ordinal => !reserved.Contains(AddressAt(ordinal)));

    /// <summary>To be called once, just before the block is written: every write has its own number.</summary>
    public void CountWrite() => SequenceNumber++;

    internal IReadOnlyList<int?> RawAllocations => _allocations;

    internal IReadOnlyDictionary<int, ulong> RawSequences => _sequences;

    private ulong SequenceOf(int ordinal) => _sequences.GetValueOrDefault(ordinal);
}

/// <summary>One address that is given, or cooling down.</summary>
/// <param name="Address">The address.</param>
/// <param name="Ordinal">Its place in the block, from 0.</param>
/// <param name="Owner">Handle and owner.</param>
/// <param name="Sequence">The block's sequence number when it was given; 0 in blocks from before there were any.</param>
public readonly record struct GivenAddress(IpAddr Address, int Ordinal, AllocationOwner Owner, ulong Sequence);
