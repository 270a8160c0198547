using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Conversion;

/// <summary>
/// Turns the rules of one policy into rules of the contract. A rule that cannot be understood is never open: where it
/// would allow (or log) it matches nothing, where it would deny or pass it denies everything.
/// </summary>
internal sealed class RuleCompiler
{
    private static readonly EntityMatch Nothing = new() { MatchesNothing = true };

    private readonly string _tier;
    private readonly PolicyId _policy;
    private readonly bool _extensions;
    private readonly EntityCompiler _entities;
    private readonly Dictionary<IpSetId, SetDefinition> _sets = [];
    private readonly Dictionary<IpSetId, SetDefinition> _setsOfRule = [];
    private readonly List<string> _problems = [];

    /// <summary>A compiler for one policy.</summary>
    /// <param name="tier">Its tier; empty for a profile.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="extensions">Whether the object may use what only we know.</param>
    internal RuleCompiler(string tier, PolicyId policy, bool extensions = false)
    {
        _extensions = extensions;
        _tier = tier;
        _policy = policy;
        _entities = new EntityCompiler(policy.Namespace, _setsOfRule);
    }

    /// <summary>The IP sets that the rules so far need.</summary>
    internal IReadOnlyCollection<SetDefinition> Sets => _sets.Values;

    /// <summary>What was wrong with the rules so far, for people.</summary>
    internal IReadOnlyList<string> Problems => _problems;

    /// <summary>Compiles rules; each keeps its position as its identity.</summary>
    internal ImmutableArray<PolicyRule> Compile(PolicyDirection direction, IReadOnlyList<Rule>? rules)
    {
        if (rules is null) return [];
        var compiled = ImmutableArray.CreateBuilder<PolicyRule>(rules.Count);
        for (int i = 0; i < rules.Count; i++) compiled.Add(Compile(direction, i, rules[i]));
        return compiled.MoveToImmutable();
    }

    /// <summary>Compiles one rule whose destination must also be in a set that v3 rules cannot name.</summary>
    internal PolicyRule Compile(PolicyDirection direction, int index, Rule rule, SetDefinition? destination)
    {
        var compiled = Compile(direction, index, rule);
        if (destination is null) return compiled;
        _sets[destination.Id] = destination;
        return compiled with { Destination = compiled.Destination with { IpSets = [.. compiled.Destination.IpSets, destination.Id] } };
    }

    /// <summary>Compiles one rule.</summary>
    internal PolicyRule Compile(PolicyDirection direction, int index, Rule rule)
    {
        var id = new RuleId(_tier, _policy, direction, index);
        if (ReadAction(rule.Action) is not { } action) return Closed(id, RuleAction.Deny, $"action: '{rule.Action}' is unknown");
        if (action == RuleAction.Pass && _policy.Kind == PolicyKind.Profile)
            return Closed(id, action, "action: a profile has no tier to pass from");
        return Compile(id, action, rule, out var compiled) is { } problem ? Closed(id, action, problem) : compiled!;
    }

    /// <summary>A rule of another API that was not understood before it came here: closed.</summary>
    internal PolicyRule Refuse(PolicyDirection direction, int index, RuleAction action, string problem) =>
        Closed(new RuleId(_tier, _policy, direction, index), action, problem);

    /// <summary>A rule that denies everything.</summary>
    internal PolicyRule DenyAll(PolicyDirection direction) =>
        new() { Id = new RuleId(_tier, _policy, direction, 0), Action = RuleAction.Deny };

    private PolicyRule Closed(RuleId id, RuleAction action, string problem)
    {
        _problems.Add($"{id.Direction} rule {id.Index}: {problem}");
        return action is RuleAction.Allow or RuleAction.Log
            ? new PolicyRule { Id = id, Action = action, Source = Nothing }
            : new PolicyRule { Id = id, Action = RuleAction.Deny };
    }

    private string? Compile(RuleId id, RuleAction action, Rule rule, out PolicyRule? compiled)
    {
        compiled = null;
        _setsOfRule.Clear();
        if (ReadProtocol("protocol", rule.Protocol, out byte? protocol) is { } a) return a;
        if (ReadProtocol("notProtocol", rule.NotProtocol, out byte? notProtocol) is { } b) return b;
        if (HttpConversion.Read(rule.Http, action, protocol, out var http) is { } h) return h;
        if (ReadIcmp("icmp", rule.Icmp, protocol, out var icmp) is { } c) return c;
        if (ReadIcmp("notICMP", rule.NotICMP, protocol, out var notIcmp) is { } d) return d;
        if (_entities.Compile(rule.Source, protocol, isDestination: false, out var source) is { } e) return $"source.{e}";
        if (_entities.Compile(rule.Destination, protocol, isDestination: true, out var destination) is { } f) return $"destination.{f}";

        var family = new RuleFamily();
        if (rule.IpVersion is not (null or 4 or 6)) return $"ipVersion: {rule.IpVersion} is unknown";
        if (rule.IpVersion is { } version) family.Confine((IpFamily)version);
        // ICMP exists in IPv4 only and ICMPv6 in IPv6 only; saying so spares the drivers the question.
        if (protocol == 1) family.Confine(IpFamily.V4);
        if (protocol == 58) family.Confine(IpFamily.V6);
        family.Confine(source.Nets);
        family.Confine(source.NotNets);
        family.Confine(destination.Nets);
        family.Confine(destination.NotNets);
        if (family.IsNone)
        {
            compiled = new PolicyRule { Id = id, Action = action, Source = Nothing };
            return null;
        }
        // Only now: a rule that is refused or can match nothing needs no sets.
        foreach (var (setId, set) in _setsOfRule) _sets[setId] = set;
        compiled = new PolicyRule
        {
            Id = id,
            Action = action,
            Family = family.Single,
            Protocol = http is null ? protocol : 6,
            NotProtocol = notProtocol,
            Icmp = icmp,
            NotIcmp = notIcmp,
            Http = http,
            Reject = IsReject(rule.Action),
            Source = Tidy(source, family),
            Destination = Tidy(destination, family),
        };
        return null;
    }

    private static EntityMatch Tidy(EntityMatch match, RuleFamily family) =>
        family.Single is null || (match.Nets.IsEmpty && match.NotNets.IsEmpty)
            ? match
            : match with { Nets = family.Useful(match.Nets), NotNets = family.Useful(match.NotNets) };

    /// <summary>To reject is to deny, and to say so.</summary>
    private bool IsReject(string? action) => _extensions && string.Equals(action, PolicyAction.Reject, StringComparison.OrdinalIgnoreCase);

    private RuleAction? ReadAction(string? action) => action switch
    {
        PolicyAction.Allow => RuleAction.Allow,
        PolicyAction.Deny => RuleAction.Deny,
        _ => ReadAnyCase(action?.ToUpperInvariant()),
    };

    private RuleAction? ReadAnyCase(string? action) => action switch
    {
        "REJECT" when _extensions => RuleAction.Deny,
        "ALLOW" => RuleAction.Allow,
        "DENY" => RuleAction.Deny,
        "LOG" => RuleAction.Log,
        "PASS" => RuleAction.Pass,
        _ => null,
    };

    /// <summary>The number of a protocol, 1 to 255; null when nobody knows it. Upstream takes names in any case once they are past its API.</summary>
    internal static byte? NumberOf(Protocol protocol) => (protocol.Number ?? protocol.Name?.ToUpperInvariant() switch
    {
        "TCP" => 6,
        "UDP" => 17,
        "ICMP" => 1,
        "ICMPV6" => 58,
        "SCTP" => 132,
        "UDPLITE" => 136,
        _ => null,
    }) is > 0 and <= 255 and var number ? (byte)number : null;

    private static string? ReadProtocol(string field, Protocol? protocol, out byte? number)
    {
        number = null;
        if (protocol is not { } given) return null;
        number = NumberOf(given);
        return number is null ? $"{field}: '{given}' is unknown" : null;
    }

    private static string? ReadIcmp(string field, IcmpFields? fields, byte? protocol, out IcmpMatch? match)
    {
        match = null;
        if (fields is null) return null;
        if (protocol is not (1 or 58)) return $"{field}: the rule's protocol is not ICMP";
        if (fields.Code is not null && fields.Type is null) return $"{field}: a code needs a type";
        if (fields.Type is < 0 or > 254 || fields.Code is < 0 or > 255) return $"{field}: a number is out of range";
        match = new IcmpMatch((byte?)fields.Type, (byte?)fields.Code);
        return null;
    }
}
