using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>Renders one side of a rule.</summary>
internal static class EntityCondition
{
    internal static void Add(Clauses clauses, Side side, EntityMatch match, byte? protocol, IpFamily? family, RenderContext context)
    {
        AddPorts(clauses, side, match, protocol, family, context);
        AddNotPorts(clauses, side, match, protocol, context);
        if (family is not { } of) return;
        AddNets(clauses, side, match, of, context);
        foreach (var set in match.IpSets) InSet(clauses, context.NameOf(set, of), name => clauses.And.Address(side, of, name));
        foreach (var set in match.NotIpSets)
        {
            if (context.NameOf(set, of) is { } name) clauses.And.Address(side, of, name, inside: false);
        }
        foreach (var set in match.NotNamedPortSets)
        {
            if (PortSet(context, set, of) is { } name) clauses.And.AddressProtocolPort(side, of, name, inside: false);
        }
        if (match.ServiceSet is { } service) InSet(clauses, PortSet(context, service, of), name => clauses.And.AddressProtocolPort(side, of, name));
    }

    private static string? PortSet(RenderContext context, IpSetId id, IpFamily family) => context.NameOf(id, family, IpSetKind.AddressAndPort);

    // Nobody is in a set that never had a member.
    private static void InSet(Clauses clauses, string? set, Action<string> test)
    {
        if (set is null) clauses.Nothing();
        else test(set);
    }

    private static void AddNets(Clauses clauses, Side side, EntityMatch match, IpFamily family, RenderContext context)
    {
        if (match.Nets.Length > 0)
        {
            var nets = match.Nets.Where(net => net.Family == family).ToList();
            if (nets.Count == 0) clauses.Nothing();
            else if (!nets.Exists(static net => net.Length == 0)) Nets(clauses, side, nets, true, family, context);
        }
        var notNets = match.NotNets.Where(net => net.Family == family).ToList();
        if (notNets.Exists(static net => net.Length == 0)) clauses.Nothing();
        else if (notNets.Count > 0) Nets(clauses, side, notNets, false, family, context);
    }

    private static void Nets(Clauses clauses, Side side, List<IpPrefix> nets, bool inside, IpFamily family, RenderContext context)
    {
        if (nets.Count == 1) clauses.And.Net(side, nets[0], inside);
        else clauses.And.Address(side, family, context.Use(ContentSets.Nets(family, nets)), inside);
    }

    private static void AddPorts(Clauses clauses, Side side, EntityMatch match, byte? protocol, IpFamily? family, RenderContext context)
    {
        if (match.Ports.Length == 0 && match.NamedPortSets.Length == 0) return;
        var alternatives = new List<RuleBuilder>();
        bool hasPorts = protocol is null || Protocols.HasPorts(protocol.Value);
        if (match.Ports.Length > 0 && hasPorts)
        {
            var builder = new RuleBuilder();
            if (protocol is null) builder.ProtocolIn(context.Use(ContentSets.PortProtocols));
            alternatives.Add(Ports(builder, side, match.Ports, true, context));
        }
        if (family is { } of)
        {
            foreach (var set in match.NamedPortSets)
            {
                if (PortSet(context, set, of) is { } name) alternatives.Add(new RuleBuilder().AddressProtocolPort(side, of, name));
            }
        }
        clauses.AnyOf(alternatives);
    }

    // Ports that a packet does not have are not in the list: the negation holds.
    private static void AddNotPorts(Clauses clauses, Side side, EntityMatch match, byte? protocol, RenderContext context)
    {
        if (match.NotPorts.Length == 0) return;
        if (protocol is { } named)
        {
            if (Protocols.HasPorts(named)) Ports(clauses.And, side, match.NotPorts, false, context);
            return;
        }
        string withPorts = context.Use(ContentSets.PortProtocols);
        clauses.AnyOf(
            new RuleBuilder().ProtocolIn(withPorts, inside: false),
            Ports(new RuleBuilder().ProtocolIn(withPorts), side, match.NotPorts, false, context));
    }

    private static RuleBuilder Ports(
        RuleBuilder builder, Side side, System.Collections.Immutable.ImmutableArray<PortRange> ports, bool inside, RenderContext context) =>
        ports.Length == 1
            ? builder.Port(side, ports[0].First, ports[0].Last, inside)
            : builder.PortIn(side, context.Use(ContentSets.Ports(ports)), inside);
}
