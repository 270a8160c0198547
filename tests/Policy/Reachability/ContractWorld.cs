using System.Collections.Immutable;
using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Tests.Reachability;

/// <summary>Random compiled policies, made of the contract's records directly: every field, in combinations that no resource compiles to.</summary>
internal static class ContractWorld
{
    private static readonly IpPrefix[] Prefixes =
    [
        .. new[] { "10.0.0.0/8", "10.0.0.0/30", "10.0.0.2/31", "10.0.0.1/32", "0.0.0.0/0", "128.0.0.0/1", "255.255.255.255/32", "10.0.0.3/32", "192.0.2.0/24", "fd00::/64", "fd00::2/127", "fd00::1/128", "::/0", "ffff::/16" }.Select(IpPrefix.Parse),
    ];

    private static readonly PortRange[] Ports = [new(0, 0), new(80, 80), new(79, 90), new(53, 53), new(0, 65535), new(1024, 65535), new(81, 443)];
    private static readonly IpSetId[] NetSets = [new("s:1"), new("s:2"), new("s:3")];
    private static readonly IpSetId[] PortSets = [new("n:1"), new("n:2")];

    /// <summary>The addresses that packets are tried with: borders of the prefixes, and one inside.</summary>
    public static readonly IpAddr[] Addresses =
    [
        .. Prefixes.SelectMany(p => new[] { p.Address, p.Last }).Concat([IpAddr.Parse("10.9.9.9"), IpAddr.Parse("9.255.255.255"), IpAddr.Parse("fd00::1:1")]).Distinct(),
    ];

    private static Gen<ImmutableArray<T>> Few<T>(T[] from, int absence) => Gen.Frequency(
        (absence, Gen.Const(ImmutableArray<T>.Empty)),
        (2, Gen.Int[0, from.Length - 1].Select(i => from[i]).Array[1, 2].Select(a => ImmutableArray.Create(a))));

    private static readonly Gen<EntityMatch> Side = Gen.Select(
            Gen.Select(Few(Prefixes, 6), Few(Prefixes, 8)), Gen.Select(Few(NetSets, 5), Few(NetSets, 8)),
            Gen.Select(Few(Ports, 5), Few(Ports, 8)), Gen.Select(Few(PortSets, 8), Few(PortSets, 9)), Few(PortSets, 9), Gen.Int[0, 30])
        .Select((nets, sets, ports, named, service, odd) => new EntityMatch
        {
            Nets = nets.Item1,
            NotNets = nets.Item2,
            IpSets = sets.Item1,
            NotIpSets = sets.Item2,
            Ports = ports.Item1,
            NotPorts = ports.Item2,
            NamedPortSets = named.Item1,
            NotNamedPortSets = named.Item2,
            ServiceSet = service.IsEmpty ? null : service[0],
            MatchesNothing = odd == 0,
        });

    private static readonly Gen<byte?> Protocol = Pick.From<byte?>(null, null, 6, 6, 17, 132, 136, 1, 58, 47, 200);

    private static readonly Gen<IcmpMatch?> Icmp = Pick.From<IcmpMatch?>(
        null, null, null, null, new(8, null), new(8, 0), new(null, null), new(0, 3));

    private static readonly Gen<(RuleAction, IpFamily?, byte?, byte?, IcmpMatch?, IcmpMatch?)> Head = Gen.Select(
        Pick.From(RuleAction.Allow, RuleAction.Allow, RuleAction.Deny, RuleAction.Pass, RuleAction.Log),
        Pick.From<IpFamily?>(null, null, null, IpFamily.V4, IpFamily.V6), Protocol, Pick.From<byte?>(null, null, null, 6, 1, 58, 47), Icmp, Icmp);

    private static Gen<ImmutableArray<PolicyRule>> Rules(string tier, PolicyId policy, PolicyDirection direction) =>
        Gen.Select(Head, Side, Side, Gen.Int[0, 20]).Array[0, 4].Select(list => list.Select((rule, index) => new PolicyRule
        {
            Http = rule.Item4 == 0 ? new HttpRequests(["GET"], []) : null,
            Reject = rule.Item4 == 1,
            Id = new RuleId(tier, policy, direction, index),
            Action = rule.Item1.Item1,
            Family = rule.Item1.Item2,
            Protocol = rule.Item1.Item3,
            NotProtocol = rule.Item1.Item4,
            Icmp = rule.Item1.Item5,
            NotIcmp = rule.Item1.Item6,
            Source = rule.Item2,
            Destination = rule.Item3,
        }).ToImmutableArray());

    private static readonly Gen<DataplaneUpdate[]> Sets = Gen.Select(
        Few(Prefixes, 0).Array[NetSets.Length],
        Gen.Select(Gen.Int[0, Addresses.Length - 1], Pick.From<byte>(6, 17, 47), Pick.From<ushort>(80, 53, 8080)).Array[0, 8].Array[PortSets.Length]).Select((nets, ports) => (DataplaneUpdate[])
        [
            .. nets.Select((members, i) => new IpSetUpdate(NetSets[i], IpSetKind.Net, [.. members.Select(p => new IpSetMember(p)).Distinct().Order()])),
            .. ports.Select((members, i) => new IpSetUpdate(
                PortSets[i], IpSetKind.AddressAndPort, [.. members.Select(m => new IpSetMember(Addresses[m.Item1].ToPrefix(), m.Item2, m.Item3)).Distinct().Order()])),
        ]);

    private static PolicyId Policy(string name) => new(PolicyKind.GlobalNetworkPolicy, "", name);

    private static readonly (string Tier, PolicyId Id)[] Policies = [("a", Policy("a.1")), ("a", Policy("a.2")), ("b", Policy("b.1")), ("b", Policy("b.2"))];

    private static readonly PolicyId[] Profiles = [new(PolicyKind.Profile, "", "p1"), new(PolicyKind.Profile, "", "p2")];

    private static readonly Gen<DataplaneUpdate[]> AllPolicies = Policies.Select(p => Gen.Select(Rules(p.Tier, p.Id, PolicyDirection.Ingress), Rules(p.Tier, p.Id, PolicyDirection.Egress))
            .Select((ingress, egress) => (DataplaneUpdate)new PolicyUpdate(p.Id, p.Tier, ingress, egress)))
        .Concat(Profiles.Select(id => Gen.Select(Rules("", id, PolicyDirection.Ingress), Rules("", id, PolicyDirection.Egress))
            .Select((ingress, egress) => (DataplaneUpdate)new ProfileUpdate(id, ingress, egress))))
        .Aggregate(Gen.Const(Array.Empty<DataplaneUpdate>()), (all, one) => Gen.Select(all, one).Select((list, next) => (DataplaneUpdate[])[.. list, next]));

    private static readonly Gen<ImmutableArray<TierBinding>> Tiers = Gen.Select(Gen.Int[0, 15], Gen.Bool, Gen.Bool).Select((which, passA, passB) =>
        Policies.Where((_, i) => (which & (1 << i)) != 0).GroupBy(p => p.Tier).Select(g => new TierBinding(
            g.Key, (g.Key == "a" ? passA : passB) ? TierDefaultAction.Pass : TierDefaultAction.Deny, [.. g.Select(p => p.Id)])).ToImmutableArray());

    private static Gen<DataplaneUpdate> Endpoint(string name, params string[] addresses) => Gen.Select(Tiers, Tiers, Gen.Int[0, 3]).Select((ingress, egress, profiles) =>
        (DataplaneUpdate)new WorkloadEndpointUpdate
        {
            Id = new EndpointId("ns", name, "eth0"),
            HostInterface = "cali" + name,
            Addresses = [.. addresses.Select(IpAddr.Parse)],
            IngressTiers = ingress,
            EgressTiers = egress,
            Profiles = [.. Profiles.Where((_, i) => (profiles & (1 << i)) != 0)],
        });

    private static readonly Gen<DataplaneUpdate[]> Endpoints = Gen.Select(
        Endpoint("one", "10.0.0.1", "fd00::1"), Endpoint("two", "10.0.0.2"), Endpoint("three", "fd00::2", "10.0.0.3", "10.0.0.9")).Select((a, b, c) => new[] { a, b, c });

    private static readonly Gen<HookTiers> Hook = Gen.Select(Gen.Int[0, 2], Tiers, Tiers).Select((none, ingress, egress) => none == 0 ? HookTiers.None : new HookTiers(ingress, egress));

    private static readonly Gen<FailsafePort> Failsafe = Gen.Select(
        Pick.From<byte>(6, 6, 17), Pick.From<ushort>(53, 80, 443, 8080), Pick.From<IpPrefix?>(null, IpPrefix.Parse("10.0.0.0/30"), IpPrefix.Parse("192.0.2.0/25"), IpPrefix.Parse("fd00::/64")))
        .Select((protocol, port, net) => new FailsafePort(protocol, port, net));

    private static readonly Gen<DataplaneUpdate> Settings = Gen.Select(
        Pick.From(EndpointToHostAction.Drop, EndpointToHostAction.Accept, EndpointToHostAction.Return), Failsafe.Array[0, 2], Failsafe.Array[0, 2])
        .Select((action, inbound, outbound) => (DataplaneUpdate)new NodeSettings { EndpointToHost = action, FailsafeInbound = [.. inbound], FailsafeOutbound = [.. outbound] });

    /// <summary>The interfaces of two hosts. Endpoints expect all addresses of an interface, those for all interfaces any.</summary>
    public static readonly ImmutableArray<(string Node, HostInterface At)> Interfaces =
    [
        ("n1", new HostInterface("eth0", [IpAddr.Parse("192.0.2.3"), IpAddr.Parse("2001:db8::3")])),
        ("n1", new HostInterface("eth1", [IpAddr.Parse("198.51.100.1")])),
        ("n2", new HostInterface("eth0", [IpAddr.Parse("192.0.2.4"), IpAddr.Parse("fd00::1:2")])),
    ];

    private static Gen<DataplaneUpdate> Host(string name) => Gen.Select(
        Gen.Int[0, Interfaces.Length - 1], Pick.From("*", "*", "", "name", "name"), Gen.Select(Hook, Hook), Gen.Select(Hook, Hook), Gen.Int[0, 3]).Select((at, form, early, late, profiles) =>
        (DataplaneUpdate)new HostEndpointUpdate
        {
            Id = new HostEndpointId(name),
            Node = Interfaces[at].Node,
            InterfaceName = form == "name" ? Interfaces[at].At.Name : form,
            Addresses = form == "*" && profiles == 1 ? [Interfaces[at].At.Addresses[0]] : Interfaces[at].At.Addresses,
            Untracked = early.Item1,
            PreDnat = early.Item2 with { Egress = [] },
            Normal = late.Item1,
            Forward = late.Item2,
            Profiles = [.. Profiles.Where((_, i) => (profiles & (1 << i)) != 0)],
        });

    private static readonly Gen<DataplaneUpdate[]> HostRecords = Gen.Select(Settings, Host("h1"), Host("h2"), Host("h3")).Select((a, b, c, d) => new[] { a, b, c, d });

    /// <summary>A compiled policy, as the records it is the sum of.</summary>
    public static readonly Gen<DataplaneUpdate[]> Records = Gen.Select(Sets, AllPolicies, Endpoints).Select((a, b, c) => (DataplaneUpdate[])[.. a, .. b, .. c]);

    /// <summary>One with hosts.</summary>
    public static readonly Gen<DataplaneUpdate[]> WithHosts = Gen.Select(Records, HostRecords).Select((a, b) => (DataplaneUpdate[])[.. a, .. b]);

    /// <summary>The sum of records.</summary>
    public static CompiledState State(IEnumerable<DataplaneUpdate> records)
    {
        var state = new CompiledState();
        state.Apply(records);
        return state;
    }
}
