using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Kernel.Tests.Harness;

/// <summary>
/// Random sets, policies and endpoints over the pods of a lab, and random probes between them, in ranges small enough that
/// rules and packets meet. <see cref="Next"/> gives the records that lead from one world to the next.
/// </summary>
internal sealed class RandomWorld(Random random, PodLab lab)
{
    private static readonly string[] Pods = ["a", "b", "c"];
    private static readonly ushort[] PortChoices = [80, 81, 443, 5000, 8080];

    private readonly Dictionary<IpSetId, IpSetUpdate> _sets = [];
    private readonly Dictionary<PolicyId, PolicyUpdate> _policies = [];

    /// <summary>The whole of the present world.</summary>
    public ImmutableArray<DataplaneUpdate> Records { get; private set; } = [];

    public ImmutableArray<DataplaneUpdate> Next()
    {
        var before = (Sets: _sets.ToDictionary(), Policies: _policies.Keys.ToHashSet());
        for (int i = 0; i < 6; i++)
        {
            if (random.Next(3) > 0 || !_sets.ContainsKey(new($"s:{i}"))) Put(NetSet(i));
            if (random.Next(3) > 0 || !_sets.ContainsKey(new($"n:{i}"))) Put(PortSet(i));
        }
        // Now and then a tier long enough to be turned into groups.
        int count = random.Next(4) == 0 ? 40 : 8;
        _policies.Clear();
        for (int i = 0; i < count; i++)
        {
            var policy = Policy($"p{i}", i % 2 == 0 ? "first" : "second", count > 8);
            _policies[policy.Id] = policy;
        }
        var endpoints = Pods.Select(Endpoint).ToList();
        Records = [new NodeSettings { Ipv6 = true }, .. _sets.Values, .. _policies.Values, OpenProfile, .. endpoints];
        return
        [
            .. _sets.Values.Select(set => Change(before.Sets.GetValueOrDefault(set.Id), set)),
            .. _policies.Values, OpenProfile, .. endpoints,
            .. before.Policies.Where(id => !_policies.ContainsKey(id)).Select(static id => new PolicyRemove(id)),
        ];
    }

    public IEnumerable<Probe> Probes(int count)
    {
        for (int i = 0; i < count; i++)
        {
            string from = Pick([.. Pods, "outside"]), to = Pick([.. Pods.Where(pod => pod != from)]);
            var family = random.Next(3) == 0 ? IpFamily.V6 : IpFamily.V4;
            yield return random.Next(5) switch
            {
                0 => Probe.Icmp(from, to, false, family),
                1 or 2 => Probe.Udp(from, to, Pick(PortChoices), false, family, (ushort)(20000 + i)),
                _ => Probe.Tcp(from, to, Pick(PortChoices), false, family, (ushort)(random.Next(2) == 0 ? 20000 + i : 30000 + i)),
            };
        }
    }

    private static ProfileUpdate OpenProfile => Harness.Records.OpenProfile;

    private void Put(IpSetUpdate set) => _sets[set.Id] = set;

    // Half of the changes to a set that is known come as a difference.
    private DataplaneUpdate Change(IpSetUpdate? before, IpSetUpdate now)
    {
        if (before is null || random.Next(2) == 0) return now;
        return new IpSetDelta(now.Id, [.. now.Members.Except(before.Members).Order()], [.. before.Members.Except(now.Members).Order()]);
    }

    private IpSetUpdate NetSet(int i)
    {
        var members = new HashSet<IpSetMember>();
        foreach (string pod in Pods.Where(_ => random.Next(2) == 0))
        {
            members.Add(new(lab[pod].V4.ToPrefix()));
            if (random.Next(2) == 0) members.Add(new(lab[pod].V6.ToPrefix()));
        }
        if (random.Next(4) == 0) members.Add(new(Net()));
        if (random.Next(4) == 0) members.Add(new(Net()));
        return new(new($"s:{i}"), IpSetKind.Net, [.. members.Order()]);
    }

    private IpSetUpdate PortSet(int i)
    {
        var members = new HashSet<IpSetMember>();
        for (int n = random.Next(6); n > 0; n--)
        {
            var host = lab[Pick(Pods)];
            members.Add(new((random.Next(3) == 0 ? host.V6 : host.V4).ToPrefix(), random.Next(2) == 0 ? (byte)6 : (byte)17, Pick(PortChoices)));
        }
        return new(new($"n:{i}"), IpSetKind.AddressAndPort, [.. members.Order()]);
    }

    private PolicyUpdate Policy(string name, string tier, bool narrow)
    {
        var id = Harness.Records.Gnp(name);
        return new(id, tier, Rules(id, tier, PolicyDirection.Ingress, narrow), Rules(id, tier, PolicyDirection.Egress, narrow));
    }

    private ImmutableArray<PolicyRule> Rules(PolicyId id, string tier, PolicyDirection direction, bool narrow)
    {
        var rules = ImmutableArray.CreateBuilder<PolicyRule>();
        for (int i = random.Next(4); i > 0; i--) rules.Add(Rule(new RuleId(tier, id, direction, rules.Count), direction, narrow));
        return rules.ToImmutable();
    }

    private PolicyRule Rule(RuleId id, PolicyDirection direction, bool narrow)
    {
        byte? protocol = random.Next(4) switch { 0 => 6, 1 => 17, 2 => random.Next(2) == 0 ? (byte)1 : (byte)58, _ => null };
        var rule = new PolicyRule
        {
            Id = id,
            Action = random.Next(10) switch { < 5 => RuleAction.Allow, < 8 => RuleAction.Deny, 8 => RuleAction.Log, _ => RuleAction.Pass },
            Family = random.Next(6) == 0 ? (random.Next(2) == 0 ? IpFamily.V4 : IpFamily.V6) : null,
            Protocol = protocol,
            NotProtocol = protocol is null && random.Next(4) == 0 ? (byte)6 : null,
            Icmp = protocol is 1 or 58 && random.Next(2) == 0 ? new IcmpMatch(protocol == 1 ? (byte)8 : (byte)128, random.Next(2) == 0 ? (byte)0 : null) : null,
            NotIcmp = random.Next(8) == 0 ? new IcmpMatch(random.Next(2) == 0 ? (byte)8 : (byte)128, null) : null,
            Source = Entity(protocol),
            Destination = Entity(protocol),
        };
        if (!narrow) return rule;
        // With a peer in every rule the policy can stand in a group.
        var peer = new EntityMatch { IpSets = [new($"s:{random.Next(6)}")] };
        return direction == PolicyDirection.Ingress ? rule with { Source = peer } : rule with { Destination = peer };
    }

    private EntityMatch Entity(byte? protocol)
    {
        bool ports = protocol is 6 or 17;
        return new EntityMatch
        {
            Nets = random.Next(6) == 0 ? [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Net())] : [],
            NotNets = random.Next(8) == 0 ? [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Net())] : [],
            IpSets = random.Next(4) == 0 ? [new($"s:{random.Next(6)}")] : [],
            NotIpSets = random.Next(6) == 0 ? [new($"s:{random.Next(6)}")] : [],
            Ports = ports && random.Next(4) == 0 ? [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Range())] : [],
            NamedPortSets = ports && random.Next(6) == 0 ? [new($"n:{random.Next(6)}")] : [],
            NotPorts = random.Next(10) == 0 ? [Range()] : [],
            NotNamedPortSets = ports && random.Next(10) == 0 ? [new($"n:{random.Next(6)}")] : [],
            ServiceSet = random.Next(14) == 0 ? new($"n:{random.Next(6)}") : null,
            MatchesNothing = random.Next(20) == 0,
        };
    }

    private WorkloadEndpointUpdate Endpoint(string pod) =>
        Harness.Records.Endpoint(lab, pod, Tiers(), Tiers(), random.Next(5) == 0 ? [] : [Harness.Records.Open]);

    private ImmutableArray<TierBinding> Tiers()
    {
        var tiers = ImmutableArray.CreateBuilder<TierBinding>();
        foreach (string name in new[] { "first", "second" })
        {
            var policies = _policies.Values.Where(policy => policy.Tier == name && random.Next(3) > 0).Select(static policy => policy.Id).ToImmutableArray();
            if (policies.Length > 0 && random.Next(4) > 0)
                tiers.Add(new TierBinding(name, random.Next(2) == 0 ? TierDefaultAction.Pass : TierDefaultAction.Deny, policies));
        }
        return tiers.ToImmutable();
    }

    private IpPrefix Net() => IpPrefix.Parse(Pick(
        "10.65.0.0/16", "10.65.0.2/31", "10.65.0.2/32", "10.65.0.3/32", "10.0.0.0/8", "198.51.100.0/24", "0.0.0.0/0", "fd65::/64", "fd65::2/127", "::/0", "2001:db8::/32"));

    private PortRange Range()
    {
        ushort first = Pick(PortChoices);
        return new PortRange(first, random.Next(2) == 0 ? first : (ushort)(first + random.Next(400)));
    }

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
