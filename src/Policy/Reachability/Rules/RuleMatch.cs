using Margay.Dataplane.Contract;
using Margay.Policy.Reachability.Addresses;
using Margay.Policy.Reachability.Packets;

namespace Margay.Policy.Reachability.Rules;

/// <summary>What a rule matches in one family: packets, and what each side adds.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Packets">The packets that its protocol and ICMP parts let through; empty when it is for the other family.</param>
/// <param name="Source">Its source.</param>
/// <param name="Destination">Its destination.</param>
internal sealed record RuleMatch(PolicyRule Rule, PacketSet Packets, SideMatch Source, SideMatch Destination)
{
    /// <summary>The side of the endpoint whose policy it is.</summary>
    internal SideMatch Own => Rule.Id.Direction == PolicyDirection.Ingress ? Destination : Source;

    /// <summary>The other side.</summary>
    internal SideMatch Peer => Rule.Id.Direction == PolicyDirection.Ingress ? Source : Destination;

    /// <summary>Reads a rule.</summary>
    internal static RuleMatch Read(PolicyRule rule, AddressAtoms atoms, Func<EntityMatch, bool, SideMatch> side) => new(
        rule, Above(rule, atoms), side(rule.Source, true), side(rule.Destination, false));

    private static PacketSet Above(PolicyRule rule, AddressAtoms atoms)
    {
        var family = atoms.Family;
        // A rule about requests matches none of the packets that the table is about: nobody has seen a request in them.
        if ((rule.Family is { } only && only != family) || rule.Http is not null) return PacketSet.Empty(family);
        var packets = rule.Protocol is { } protocol ? PacketSet.OfProtocol(family, protocol) : PacketSet.All(family);
        if (rule.NotProtocol is { } notProtocol) packets = packets.Except(PacketSet.OfProtocol(family, notProtocol));
        if (rule.Icmp is { } icmp) packets = packets.And(Messages(icmp, atoms));
        return rule.NotIcmp is { } notIcmp ? packets.Except(Messages(notIcmp, atoms)) : packets;
    }

    private static PacketSet Messages(IcmpMatch match, AddressAtoms atoms) =>
        PacketSet.OfMessages(atoms.Family, OneOrAll(match.Type), OneOrAll(match.Code));

    private static Ranges OneOrAll(byte? number) => number is { } one ? Ranges.Of(one, one) : Ranges.Of(0, byte.MaxValue);
}
