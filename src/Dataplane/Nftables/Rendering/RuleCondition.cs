using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>Renders what a policy rule matches; what it does then is <see cref="RuleActions"/>.</summary>
internal static class RuleCondition
{
    /// <summary>Every list of tests of which one must hold; none when no packet can match.</summary>
    internal static IEnumerable<ImmutableArray<NftExpression>> Render(PolicyRule rule, RenderContext context)
    {
        if (rule.Source.MatchesNothing || rule.Destination.MatchesNothing) return [];
        if (rule.Family is null && !DependsOnFamily(rule)) return RenderFor(rule, null, context);
        IEnumerable<IpFamily> families = rule.Family is { } only ? [only] : [IpFamily.V4, IpFamily.V6];
        return families.Where(family => family == IpFamily.V4 || context.Settings.Ipv6).SelectMany(family => RenderFor(rule, family, context));
    }

    private static bool DependsOnFamily(PolicyRule rule) =>
        DependsOnFamily(rule.Source) || DependsOnFamily(rule.Destination)
        || (rule.Protocol is null && (rule.Icmp is not null || rule.NotIcmp is not null));

    private static bool DependsOnFamily(EntityMatch side) =>
        side.Nets.Length + side.NotNets.Length + side.IpSets.Length + side.NotIpSets.Length
        + side.NamedPortSets.Length + side.NotNamedPortSets.Length > 0 || side.ServiceSet is not null;

    private static IEnumerable<ImmutableArray<NftExpression>> RenderFor(PolicyRule rule, IpFamily? family, RenderContext context)
    {
        var clauses = new Clauses();
        if (family is { } of) clauses.And.Family(of);
        if (rule.Protocol is { } protocol) clauses.And.Protocol(protocol);
        if (rule.NotProtocol is { } other) clauses.And.Protocol(other, equal: false);
        if (rule.Icmp is { } icmp) AddIcmp(clauses, icmp, rule.Protocol, family);
        if (rule.NotIcmp is { } notIcmp) AddNotIcmp(clauses, notIcmp, rule.Protocol, family);
        EntityCondition.Add(clauses, Side.Source, rule.Source, rule.Protocol, family, context);
        EntityCondition.Add(clauses, Side.Destination, rule.Destination, rule.Protocol, family, context);
        return clauses.Combinations();
    }

    private static void AddIcmp(Clauses clauses, IcmpMatch icmp, byte? protocol, IpFamily? family)
    {
        if (protocol is { } named && named is not (Protocols.Icmp or Protocols.Icmpv6))
        {
            clauses.Nothing();
            return;
        }
        if (protocol is null) clauses.And.Protocol(Protocols.IcmpOf(family ?? IpFamily.V4));
        Message(clauses.And, icmp, equal: true);
    }

    private static void AddNotIcmp(Clauses clauses, IcmpMatch icmp, byte? protocol, IpFamily? family)
    {
        if (protocol is { } named)
        {
            if (named is not (Protocols.Icmp or Protocols.Icmpv6)) return;
            if (icmp.Type is null) clauses.Nothing();
            else Message(clauses.And, icmp, equal: false);
            return;
        }
        byte own = Protocols.IcmpOf(family ?? IpFamily.V4);
        List<RuleBuilder> alternatives = [new RuleBuilder().Protocol(own, equal: false)];
        if (icmp.Type is not null) alternatives.Add(Message(new RuleBuilder().Protocol(own), icmp, equal: false));
        clauses.AnyOf(alternatives);
    }

    private static RuleBuilder Message(RuleBuilder builder, IcmpMatch icmp, bool equal)
    {
        if (icmp.Type is not { } type) return builder;
        return icmp.Code is { } code ? builder.IcmpTypeAndCode(type, code, equal) : builder.IcmpType(type, equal);
    }
}
