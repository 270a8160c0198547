using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Kernel.Tests.Harness;

/// <summary>Short ways to write contract records in tests.</summary>
internal static class Records
{
    public static PolicyId Gnp(string name) => new(PolicyKind.GlobalNetworkPolicy, "", name);

    public static PolicyId Open { get; } = new(PolicyKind.Profile, "", "kns.open");

    /// <summary>The profile that allows everything both ways.</summary>
    public static ProfileUpdate OpenProfile { get; } = new(
        Open,
        [new PolicyRule { Id = new RuleId("", Open, PolicyDirection.Ingress, 0), Action = RuleAction.Allow }],
        [new PolicyRule { Id = new RuleId("", Open, PolicyDirection.Egress, 0), Action = RuleAction.Allow }]);

    public static PolicyUpdate GlobalPolicy(string name, IEnumerable<PolicyRule>? ingress = null, IEnumerable<PolicyRule>? egress = null, string tier = "default")
    {
        var id = Gnp(name);
        return new PolicyUpdate(
            id, tier,
            [.. (ingress ?? []).Select((rule, i) => rule with { Id = new RuleId(tier, id, PolicyDirection.Ingress, i) })],
            [.. (egress ?? []).Select((rule, i) => rule with { Id = new RuleId(tier, id, PolicyDirection.Egress, i) })]);
    }

    /// <summary>A rule whose identity <see cref="GlobalPolicy"/> fills in.</summary>
    public static PolicyRule Rule(RuleAction action, byte? protocol = null, EntityMatch? source = null, EntityMatch? destination = null) =>
        new() { Id = default, Action = action, Protocol = protocol, Source = source ?? EntityMatch.Any, Destination = destination ?? EntityMatch.Any };

    public static TierBinding Tier(params string[] policies) => Tier("default", TierDefaultAction.Deny, policies);

    public static TierBinding Tier(string name, TierDefaultAction end, params string[] policies) =>
        new(name, end, [.. policies.Select(Gnp)]);

    public static EntityMatch Ports(params ushort[] ports) => new() { Ports = [.. ports.Select(static port => new PortRange(port, port))] };

    public static EntityMatch InSet(string id) => new() { IpSets = [new IpSetId(id)] };

    public static EntityMatch Nets(params string[] nets) => new() { Nets = [.. nets.Select(IpPrefix.Parse)] };

    public static IpSetUpdate NetSet(string id, params string[] members) =>
        new(new IpSetId(id), IpSetKind.Net, [.. members.Select(static text => new IpSetMember(IpPrefix.Parse(text))).Order()]);

    /// <summary>The endpoint of a pod of the lab.</summary>
    public static WorkloadEndpointUpdate Endpoint(
        PodLab lab, string pod, ImmutableArray<TierBinding>? ingress = null, ImmutableArray<TierBinding>? egress = null, ImmutableArray<PolicyId>? profiles = null) =>
        new()
        {
            Id = new EndpointId("test", pod, "eth0"),
            HostInterface = PodLab.HostInterface(pod),
            Addresses = [lab[pod].V4, lab[pod].V6],
            IngressTiers = ingress ?? [],
            EgressTiers = egress ?? [],
            Profiles = profiles ?? [Open],
        };
}
