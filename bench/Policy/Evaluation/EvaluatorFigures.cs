using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Evaluation.Hot;

namespace Margay.Bench.Policy.Evaluation;

/// <summary>
/// One flow against 294 policies of 68 rules, with 3,708 sets of 256,000 members in all: the shape of Calico's own benchmark.
/// The floor in the same run: a vector scan of the destination ports of all rules.
/// </summary>
internal static class EvaluatorFigures
{
    private const int Policies = 294;
    private const int Rules = 68;
    private const int Sets = 3_708;
    private const int Members = 256_000;

    public static void Run()
    {
        var random = new Random(17);
        var records = Records(random, out ushort[] ports);
        var decider = new FlowDecider();
        decider.Apply(records);
        var state = new CompiledState();
        state.Apply(records);
        var evaluator = new Evaluator(state);
        var endpoint = new EndpointId("bench", "pod", "eth0");
        Packet[] packets = [.. Enumerable.Range(0, 4096).Select(_ => PacketOf(random))];

        int allowed = 0, different = 0;
        foreach (var packet in packets.AsSpan(0, 200))
        {
            var plain = evaluator.Evaluate(endpoint, PolicyDirection.Ingress, packet);
            var hot = decider.Decide(endpoint, PolicyDirection.Ingress, packet);
            allowed += plain.Allowed ? 1 : 0;
            different += plain.Decider == hot.Decider && plain.Allowed == hot.Allowed ? 0 : 1;
        }
        var fast = Measure.Each(200_000, n => decider.Decide(endpoint, PolicyDirection.Ingress, packets[n % packets.Length]));
        var slow = Measure.Each(20, n => evaluator.Evaluate(endpoint, PolicyDirection.Ingress, packets[n % packets.Length]), 2);
        int found = 0;
        var floor = Measure.Each(10_000, n => found += Scan(ports, packets[n % packets.Length].DestinationPort));
        GC.KeepAlive(found);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"one flow, {Policies} policies x {Rules} rules, {Sets} sets, {Members} members: {fast.Ns / 1000:F2} us, {fast.Bytes:F0} bytes; "
            + $"plain evaluator {slow.Ns / 1000:F0} us, {slow.Bytes:N0} bytes; vector scan of the ports {floor.Ns / 1000:F2} us, ratio {fast.Ns / floor.Ns:F2}"));
        Console.WriteLine($"{allowed} of 200 allowed, {different} decided differently");
    }

    private static int Scan(ushort[] ports, ushort port)
    {
        var wanted = new Vector<ushort>(port);
        int found = 0;
        for (int i = 0; i + Vector<ushort>.Count <= ports.Length; i += Vector<ushort>.Count)
            if (Vector.EqualsAny(new Vector<ushort>(ports, i), wanted)) found++;
        return found;
    }

    private static Packet PacketOf(Random random) => new(Member(random.Next(Members)), IpAddr.Parse("10.99.0.1"), 6)
    {
        SourcePort = 40_000, DestinationPort = (ushort)(1000 + random.Next(2000)),
    };

    private static IpAddr Member(int number) => IpAddr.FromV4(0x0a00_0000u + (uint)number);

    /// <summary>Sets of about 69 members, each address in one; every rule a set, a port or a range, one in ten a prefix.</summary>
    private static List<DataplaneUpdate> Records(Random random, out ushort[] ports)
    {
        var records = new List<DataplaneUpdate>();
        for (int s = 0; s < Sets; s++)
        {
            int first = (int)((long)s * Members / Sets), end = (int)((long)(s + 1) * Members / Sets);
            records.Add(new IpSetUpdate(IdOf(s), IpSetKind.Net, [.. Enumerable.Range(first, end - first).Select(m => new IpSetMember(Member(m).ToPrefix()))]));
        }
        var ids = ImmutableArray.CreateBuilder<PolicyId>();
        var all = new List<ushort>();
        for (int p = 0; p < Policies; p++)
        {
            var id = new PolicyId(PolicyKind.GlobalNetworkPolicy, "", $"policy-{p:d3}");
            ids.Add(id);
            var rules = ImmutableArray.CreateBuilder<PolicyRule>();
            for (int r = 0; r < Rules; r++)
            {
                ushort port = (ushort)(1000 + random.Next(2000));
                all.Add(port);
                bool net = random.Next(10) == 0;
                rules.Add(new PolicyRule
                {
                    Id = new RuleId("default", id, PolicyDirection.Ingress, r), Protocol = 6,
                    Action = random.Next(20) == 0 ? RuleAction.Deny : RuleAction.Allow,
                    Source = net
                        ? new EntityMatch { Nets = [new IpPrefix(IpAddr.FromV4(0xc0a8_0000u + ((uint)random.Next(256) << 8)), 24)] }
                        : new EntityMatch { IpSets = [IdOf(random.Next(Sets))] },
                    Destination = new EntityMatch { Ports = [new PortRange(port, (ushort)(random.Next(8) == 0 ? port + 10 : port))] },
                });
            }
            records.Add(new PolicyUpdate(id, "default", rules.ToImmutable(), []));
        }
        records.Add(new WorkloadEndpointUpdate
        {
            Id = new EndpointId("bench", "pod", "eth0"), HostInterface = "cali0", Addresses = [IpAddr.Parse("10.99.0.1")],
            IngressTiers = [new TierBinding("default", TierDefaultAction.Deny, ids.ToImmutable())],
        });
        ports = [.. all];
        return records;
    }

    private static IpSetId IdOf(int set) => new($"s:{set:d6}");
}
