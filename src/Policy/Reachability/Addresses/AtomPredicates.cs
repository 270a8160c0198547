using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Hosts;

namespace Margay.Policy.Reachability.Addresses;

/// <summary>
/// Everything that can tell addresses apart, numbered: the prefixes in rules and questions, the sets of each world, and in
/// sets with ports each protocol and port. For each prefix that is mentioned anywhere, the numbers that it makes true.
/// </summary>
internal sealed class AtomPredicates
{
    private int _next;

    /// <summary>The numbers that hold for the addresses of a prefix, without those that hold for a larger one.</summary>
    internal Dictionary<IpPrefix, List<int>> Postings { get; } = [];

    /// <summary>The addresses of pods and of hosts with policy.</summary>
    internal HashSet<IpPrefix> Pods { get; } = [];

    /// <summary>The number of each prefix of rules and questions.</summary>
    internal Dictionary<IpPrefix, int> Prefixes { get; } = [];

    /// <summary>The number of each set of prefixes.</summary>
    internal Dictionary<(int World, IpSetId Set), int> Sets { get; } = [];

    /// <summary>The numbers of each set with ports.</summary>
    internal Dictionary<(int World, IpSetId Set), List<(byte Protocol, ushort Port, int Predicate)>> PortSets { get; } = [];

    /// <summary>Takes what a compiled state can tell apart.</summary>
    internal void Add(int world, CompiledState state)
    {
        foreach (var endpoint in state.Endpoints.Values)
            foreach (var address in endpoint.Addresses) Pods.Add(address.ToPrefix());
        // A host with policy of its own is somebody, as a pod is.
        foreach (var place in new HostPlaces(state).Places) Pods.Add(place.Address.ToPrefix());
        foreach (var port in state is { HostEndpoints.Count: > 0, Settings: { } settings } ? settings.FailsafeInbound.Concat(settings.FailsafeOutbound) : [])
            if (port.Net is { } net) Add(net);
        foreach (var rules in Rules(state)) Add(rules);
        foreach (var (id, content) in state.Sets)
        {
            if (content.Kind == IpSetKind.Net) AddNets(world, id, content);
            else AddPorts(world, id, content);
        }
    }

    /// <summary>Takes a prefix.</summary>
    internal void Add(IpPrefix prefix)
    {
        if (Prefixes.ContainsKey(prefix)) return;
        Prefixes.Add(prefix, _next);
        Post(prefix, _next++);
    }

    private static IEnumerable<ImmutableArray<PolicyRule>> Rules(CompiledState state) =>
        state.Policies.Values.SelectMany(p => new[] { p.Ingress, p.Egress })
            .Concat(state.StagedPolicies.Values.SelectMany(p => new[] { p.Ingress, p.Egress }))
            .Concat(state.Profiles.Values.SelectMany(p => new[] { p.Ingress, p.Egress }));

    private void Add(ImmutableArray<PolicyRule> rules)
    {
        foreach (var rule in rules)
        {
            foreach (var side in (ReadOnlySpan<EntityMatch>)[rule.Source, rule.Destination])
            {
                foreach (var net in side.Nets) Add(net);
                foreach (var net in side.NotNets) Add(net);
            }
        }
    }

    private void AddNets(int world, IpSetId id, IpSetContent set)
    {
        Sets.Add((world, id), _next);
        foreach (var member in set.Unsorted) Post(member.Prefix, _next);
        _next++;
    }

    private void AddPorts(int world, IpSetId id, IpSetContent set)
    {
        var numbers = new Dictionary<(byte, ushort), int>();
        foreach (var member in set.Unsorted)
        {
            if (!numbers.TryGetValue((member.Protocol, member.Port), out int number)) numbers.Add((member.Protocol, member.Port), number = _next++);
            Post(member.Prefix, number);
        }
        PortSets.Add((world, id), [.. numbers.Select(n => (n.Key.Item1, n.Key.Item2, n.Value))]);
    }

    private void Post(IpPrefix prefix, int predicate)
    {
        ref var list = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(Postings, prefix, out _);
        (list ??= []).Add(predicate);
    }
}
