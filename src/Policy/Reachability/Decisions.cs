using System.Collections.Immutable;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability;

/// <summary>
/// What one endpoint's policy decides, in one direction, about every packet to or from one group of addresses: disjoint
/// regions that together are everything, each with its ruling. Equal by content.
/// </summary>
public sealed class Decisions : IEquatable<Decisions>
{
    private readonly int _hash;

    internal Decisions(IpFamily family, IEnumerable<(PacketSet Packets, Ruling Ruling)> regions)
    {
        // One region for each ruling, in an order that depends on the content alone.
        Regions =
        [
            .. regions.GroupBy(r => r.Ruling).Select(g => (Packets: g.Aggregate(PacketSet.Empty(family), (all, r) => all.Or(r.Packets)), Ruling: g.Key)).Where(r => !r.Packets.IsEmpty),
        ];
        Allowed = Regions.Where(r => r.Ruling.Allowed).Aggregate(PacketSet.Empty(family), (all, r) => all.Or(r.Packets));
        _hash = Regions.Aggregate(0, (all, r) => all ^ HashCode.Combine(r.Packets, r.Ruling));
    }

    /// <summary>The regions.</summary>
    public ImmutableArray<(PacketSet Packets, Ruling Ruling)> Regions { get; }

    /// <summary>The packets that pass.</summary>
    public PacketSet Allowed { get; }

    /// <summary>Everything has one ruling.</summary>
    public static Decisions Uniform(IpFamily family, Ruling ruling) => new(family, [(PacketSet.All(family), ruling)]);

    /// <summary>The ruling about one packet.</summary>
    public Ruling About(in Packet packet)
    {
        foreach (var (packets, ruling) in Regions)
            if (packets.Contains(packet)) return ruling;
        throw new InvalidOperationException("The regions do not cover every packet.");
    }

    /// <inheritdoc/>
    public bool Equals(Decisions? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash && Regions.Length == other.Regions.Length && Regions.All(r => other.Regions.Contains(r)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Decisions);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
