using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Policy.Reachability.Addresses;
using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability.Rules;

/// <summary>
/// One side of a rule, in one family: for which addresses it can hold, and for these, for which packets. The parts are
/// disjoint; most sides have one, those with named ports or a service one for each different list of ports.
/// </summary>
internal sealed class SideMatch
{
    private SideMatch(ImmutableArray<(Bitmap Atoms, PacketSet Packets)> parts) => Parts = parts;

    /// <summary>Atoms, and the packets for which the side holds when its address is in one of them.</summary>
    internal ImmutableArray<(Bitmap Atoms, PacketSet Packets)> Parts { get; }

    /// <summary>The packets for which the side holds when its address is in the atom; null for none.</summary>
    internal PacketSet? At(int atom)
    {
        foreach (var (atoms, packets) in Parts)
            if (atoms.Contains(atom)) return packets;
        return null;
    }

    /// <summary>Reads a side of a rule.</summary>
    internal static SideMatch Read(EntityMatch side, bool isSource, AddressAtoms atoms, int world)
    {
        if (side.MatchesNothing) return new([]);
        var where = Where(side, atoms, world);
        var packets = Fixed(side, isSource, atoms);
        if (where.IsEmpty) return new([]);
        if (side.NamedPortSets.IsEmpty && side.NotNamedPortSets.IsEmpty && side.ServiceSet is null)
            return new(packets.IsEmpty ? [] : [(where, packets)]);

        var byPackets = new Dictionary<PacketSet, List<int>>();
        foreach (int atom in where.Members())
        {
            var here = AtAtom(side, isSource, atoms, world, atom);
            if (here.IsEmpty) continue;
            if (!byPackets.TryGetValue(here, out var list)) byPackets.Add(here, list = []);
            list.Add(atom);
        }
        return new([.. byPackets.Select(p => (new Bitmap(atoms.Count, p.Value), p.Key))]);
    }

    private static Bitmap Where(EntityMatch side, AddressAtoms atoms, int world)
    {
        var where = atoms.All;
        if (!side.Nets.IsEmpty) where = side.Nets.Aggregate(atoms.None, (all, net) => all.Or(atoms.Inside(net)));
        foreach (var net in side.NotNets) where = where.Except(atoms.Inside(net));
        foreach (var set in side.IpSets) where = where.And(atoms.InSet(world, set));
        foreach (var set in side.NotIpSets) where = where.Except(atoms.InSet(world, set));
        return where;
    }

    /// <summary>What the side says about ports when it says nothing that depends on the address.</summary>
    private static PacketSet Fixed(EntityMatch side, bool isSource, AddressAtoms atoms)
    {
        var packets = PacketSet.All(atoms.Family);
        if (!side.Ports.IsEmpty) packets = Ports(atoms, isSource, side.Ports);
        return side.NotPorts.IsEmpty ? packets : packets.Except(Ports(atoms, isSource, side.NotPorts));
    }

    private static PacketSet AtAtom(EntityMatch side, bool isSource, AddressAtoms atoms, int world, int atom)
    {
        var packets = PacketSet.All(atoms.Family);
        if (!side.Ports.IsEmpty || !side.NamedPortSets.IsEmpty)
            packets = Ports(atoms, isSource, side.Ports).Or(InSets(side.NamedPortSets, isSource, atoms, world, atom));
        packets = packets.Except(Ports(atoms, isSource, side.NotPorts)).Except(InSets(side.NotNamedPortSets, isSource, atoms, world, atom));
        return side.ServiceSet is { } service ? packets.And(InSets([service], isSource, atoms, world, atom)) : packets;
    }

    private static PacketSet Ports(AddressAtoms atoms, bool isSource, ImmutableArray<PortRange> ports)
    {
        if (ports.IsEmpty) return PacketSet.Empty(atoms.Family);
        var (given, any) = (Ranges.Of(ports), Ranges.Of(0, ushort.MaxValue));
        return PacketSet.OfPorts(atoms.Family, isSource ? given : any, isSource ? any : given);
    }

    private static PacketSet InSets(ImmutableArray<IpSetId> sets, bool isSource, AddressAtoms atoms, int world, int atom)
    {
        var packets = PacketSet.Empty(atoms.Family);
        var any = Ranges.Of(0, ushort.MaxValue);
        foreach (var set in sets)
        {
            if (!atoms.PortsIn(world, set).TryGetValue(atom, out var ports)) continue;
            foreach (var group in ports.GroupBy(p => p.Protocol))
            {
                // A member whose protocol has no ports is never looked up.
                if (!PacketSet.PortProtocols.Contains(group.Key)) continue;
                var given = Ranges.Of(group.Select(p => new PortRange(p.Port, p.Port)));
                packets = packets.Or(PacketSet.OfPorts(atoms.Family, group.Key, isSource ? given : any, isSource ? any : given));
            }
        }
        return packets;
    }
}
