using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Conversion;

/// <summary>Turns one side of a rule into a match on addresses, ports and IP sets.</summary>
/// <param name="ownNamespace">The policy's namespace; empty for cluster-wide policies and profiles.</param>
/// <param name="sets">Receives the IP sets that the match needs.</param>
internal sealed class EntityCompiler(string ownNamespace, Dictionary<IpSetId, SetDefinition> sets)
{
    /// <summary>Compiles a side.</summary>
    /// <param name="entity">The side; null matches everything.</param>
    /// <param name="protocol">The rule's protocol, which ports need.</param>
    /// <param name="isDestination">Services match with their ports as destination and as addresses as source.</param>
    /// <param name="match">The match.</param>
    /// <returns>What is wrong, or null.</returns>
    internal string? Compile(EntityRule? entity, byte? protocol, bool isDestination, out EntityMatch match)
    {
        match = EntityMatch.Any;
        if (entity is null) return null;
        if (ReadNets("nets", entity.Nets, out var nets) is { } a) return a;
        if (ReadNets("notNets", entity.NotNets, out var notNets) is { } b) return b;
        if (ReadPorts("ports", entity.Ports, protocol, out var ports, out var names) is { } c) return c;
        if (ReadPorts("notPorts", entity.NotPorts, protocol, out var notPorts, out var notNames) is { } d) return d;
        if (ScopedSelectors.Read(entity, ownNamespace, out var positive, out var negative) is { } e) return e;
        if (ReadService(entity.Services, isDestination, out var service) is { } f) return f;

        // Named ports are looked up among the selected endpoints, so that alone they make the selector's set superfluous.
        bool selectorSet = positive is not null && (names.IsEmpty || !ports.IsEmpty);
        ImmutableArray<IpSetId> ipSets = selectorSet ? [Need(ParsedSelectors.SetOf(positive!))] : [];
        if (service is { WithPorts: false }) ipSets = ipSets.Add(Need(service));
        match = new EntityMatch
        {
            Nets = nets,
            NotNets = notNets,
            IpSets = ipSets,
            NotIpSets = negative is null ? [] : [Need(ParsedSelectors.SetOf(negative))],
            Ports = ports,
            NamedPortSets = Named(names, positive, protocol),
            NotPorts = notPorts,
            NotNamedPortSets = Named(notNames, positive, protocol),
            ServiceSet = service is { WithPorts: true } ? Need(service) : null,
        };
        return null;
    }

    private ImmutableArray<IpSetId> Named(ImmutableArray<string> names, Selector? scope, byte? protocol)
    {
        if (names.IsEmpty) return [];
        var sets = ImmutableArray.CreateBuilder<IpSetId>(names.Length);
        foreach (string n in names) sets.Add(Need(new NamedPortSet(scope ?? Selector.All, n, protocol!.Value)));
        return sets.MoveToImmutable();
    }

    private IpSetId Need(SetDefinition set)
    {
        sets[set.Id] = set;
        return set.Id;
    }

    private static string? ReadNets(string field, List<string>? texts, out ImmutableArray<IpPrefix> nets)
    {
        nets = [];
        if (texts is not { Count: > 0 }) return null;
        var list = ImmutableArray.CreateBuilder<IpPrefix>(texts.Count);
        foreach (string text in texts)
        {
            if (!IpPrefix.TryParse(text, out var net)) return $"{field}: '{text}' is no address or prefix";
            list.Add(net);
        }
        nets = list.ToImmutable();
        return null;
    }

    private static string? ReadPorts(
        string field, List<PolicyPort>? from, byte? protocol, out ImmutableArray<PortRange> ports, out ImmutableArray<string> names)
    {
        ports = [];
        names = [];
        if (from is not { Count: > 0 }) return null;
        if (protocol is not (6 or 17 or 132 or 136)) return $"{field}: the rule names no protocol that has ports";
        var ranges = ImmutableArray.CreateBuilder<PortRange>();
        var named = ImmutableArray.CreateBuilder<string>();
        foreach (var port in from)
        {
            if (port.Name is { Length: > 0 } name) named.Add(name);
            else if (port.Name is null && port.First >= 0 && port.First <= port.Last && port.Last <= ushort.MaxValue)
                ranges.Add(new PortRange((ushort)port.First, (ushort)port.Last));
            else return $"{field}: '{port}' is no port";
        }
        ports = ranges.ToImmutable();
        names = named.ToImmutable();
        return null;
    }

    private string? ReadService(ServiceMatch? match, bool withPorts, out ServiceSet? service)
    {
        service = null;
        if (match is null) return null;
        string @namespace = string.IsNullOrEmpty(match.Namespace) ? ownNamespace : match.Namespace;
        if (string.IsNullOrEmpty(match.Name) || @namespace.Length == 0) return "services: a name and a namespace are needed";
        service = new ServiceSet(@namespace, match.Name, withPorts);
        return null;
    }
}
