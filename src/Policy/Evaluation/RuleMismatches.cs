using System.Collections.Immutable;
using Margay.Dataplane.Contract;

namespace Margay.Policy.Evaluation;

/// <summary>The sides of a rule.</summary>
public enum RuleSide
{
    /// <summary>The rule as a whole.</summary>
    Both,

    /// <summary>Where the packet comes from.</summary>
    Source,

    /// <summary>Where the packet goes to.</summary>
    Destination,
}

/// <summary>The parts of a rule that a packet can fail.</summary>
public enum RulePart
{
    /// <summary>IPv4 or IPv6.</summary>
    Family,

    /// <summary>The protocol, wanted or excluded.</summary>
    Protocol,

    /// <summary>The ICMP type and code, wanted or excluded.</summary>
    Icmp,

    /// <summary>The HTTP request is another, or none is known.</summary>
    Http,

    /// <summary>The side can match no packet at all.</summary>
    Nothing,

    /// <summary>The address is in none of the prefixes.</summary>
    Nets,

    /// <summary>The address is in an excluded prefix.</summary>
    NotNets,

    /// <summary>Whoever has the address is not selected.</summary>
    Selector,

    /// <summary>Whoever has the address is excluded by a selector.</summary>
    NotSelector,

    /// <summary>The port is none of those wanted, by number or name.</summary>
    Ports,

    /// <summary>The port is excluded, by number or name.</summary>
    NotPorts,

    /// <summary>The address and port are no backend of the service.</summary>
    Service,

    /// <summary>Something that this list does not know.</summary>
    Other,
}

/// <summary>A part of a rule that a packet fails.</summary>
/// <param name="Side">The side that the part is of.</param>
/// <param name="Part">The part.</param>
public readonly record struct RuleMismatch(RuleSide Side, RulePart Part);

/// <summary>
/// Why a rule does not match a packet: every part that fails. The evaluator stops at the first one; people want all of
/// them. A part is found by asking the evaluator itself about a rule that has only this part, so that the two cannot differ.
/// </summary>
public static class RuleMismatches
{
    /// <summary>The parts of the rule that the packet fails; empty exactly when the rule matches.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="state">The state that has the rule's sets.</param>
    public static ImmutableArray<RuleMismatch> Of(PolicyRule rule, in Packet packet, CompiledState state)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(state);
        var found = ImmutableArray.CreateBuilder<RuleMismatch>();
        foreach (var part in Parts)
        {
            if (!RuleMatching.Matches(Only(rule, part), packet, state)) found.Add(part);
        }
        // A part of the contract that Only does not know yet must not turn into "matches".
        if (found.Count == 0 && !RuleMatching.Matches(rule, packet, state)) found.Add(new RuleMismatch(RuleSide.Both, RulePart.Other));
        return found.DrainToImmutable();
    }

    /// <summary>The rule without some of its parts: what it would be if they did not stand in it.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="parts">The parts to leave out.</param>
    public static PolicyRule Without(PolicyRule rule, IEnumerable<RuleMismatch> parts)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(parts);
        foreach (var (side, part) in parts)
        {
            rule = (side, part) switch
            {
                (RuleSide.Source, _) => rule with { Source = Without(rule.Source, part) },
                (RuleSide.Destination, _) => rule with { Destination = Without(rule.Destination, part) },
                (_, RulePart.Family) => rule with { Family = null },
                (_, RulePart.Protocol) => rule with { Protocol = null, NotProtocol = null },
                (_, RulePart.Icmp) => rule with { Icmp = null, NotIcmp = null },
                (_, RulePart.Http) => rule with { Http = null },
                _ => rule,
            };
        }
        return rule;
    }

    private static ImmutableArray<RuleMismatch> Parts { get; } =
    [
        new(RuleSide.Both, RulePart.Family), new(RuleSide.Both, RulePart.Protocol), new(RuleSide.Both, RulePart.Icmp),
        new(RuleSide.Both, RulePart.Http),
        .. from side in new[] { RuleSide.Source, RuleSide.Destination }
           from part in new[] { RulePart.Nothing, RulePart.Nets, RulePart.NotNets, RulePart.Selector, RulePart.NotSelector, RulePart.Ports, RulePart.NotPorts, RulePart.Service }
           select new RuleMismatch(side, part),
    ];

    private static PolicyRule Only(PolicyRule rule, RuleMismatch part)
    {
        var bare = new PolicyRule { Id = rule.Id, Action = rule.Action };
        return (part.Side, part.Part) switch
        {
            (RuleSide.Source, _) => bare with { Source = Only(rule.Source, part.Part) },
            (RuleSide.Destination, _) => bare with { Destination = Only(rule.Destination, part.Part) },
            (_, RulePart.Family) => bare with { Family = rule.Family },
            (_, RulePart.Protocol) => bare with { Protocol = rule.Protocol, NotProtocol = rule.NotProtocol },
            (_, RulePart.Http) => bare with { Http = rule.Http },
            _ => bare with { Icmp = rule.Icmp, NotIcmp = rule.NotIcmp },
        };
    }

    private static EntityMatch Only(EntityMatch side, RulePart part) => part switch
    {
        RulePart.Nothing => new EntityMatch { MatchesNothing = side.MatchesNothing },
        RulePart.Nets => new EntityMatch { Nets = side.Nets },
        RulePart.NotNets => new EntityMatch { NotNets = side.NotNets },
        RulePart.Selector => new EntityMatch { IpSets = side.IpSets },
        RulePart.NotSelector => new EntityMatch { NotIpSets = side.NotIpSets },
        RulePart.Ports => new EntityMatch { Ports = side.Ports, NamedPortSets = side.NamedPortSets },
        RulePart.NotPorts => new EntityMatch { NotPorts = side.NotPorts, NotNamedPortSets = side.NotNamedPortSets },
        _ => new EntityMatch { ServiceSet = side.ServiceSet },
    };

    private static EntityMatch Without(EntityMatch side, RulePart part) => part switch
    {
        RulePart.Nothing => side with { MatchesNothing = false },
        RulePart.Nets => side with { Nets = [] },
        RulePart.NotNets => side with { NotNets = [] },
        RulePart.Selector => side with { IpSets = [] },
        RulePart.NotSelector => side with { NotIpSets = [] },
        RulePart.Ports => side with { Ports = [], NamedPortSets = [] },
        RulePart.NotPorts => side with { NotPorts = [], NotNamedPortSets = [] },
        RulePart.Service => side with { ServiceSet = null },
        _ => side,
    };
}
