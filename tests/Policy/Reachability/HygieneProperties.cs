using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;
using Xunit;

namespace Margay.Policy.Tests.Reachability;

/// <summary>What is said about rules is what the evaluator does with packets: with the rule, and without it.</summary>
public sealed class HygieneProperties
{
    private static readonly Gen<(int Address, byte Protocol, ushort Source, ushort Destination, byte Type)[]> Shots = Gen.Select(
        Gen.Int[0, ContractWorld.Addresses.Length - 1], Pick.From<byte>(6, 17, 132, 1, 58, 47), Pick.From<ushort>(0, 53, 80, 1024), Pick.From<ushort>(0, 53, 80, 81, 443),
        Pick.From<byte>(0, 8)).Array[80];

    [Fact]
    public void A_rule_that_is_said_to_do_nothing_does_nothing() => Gen.Select(ContractWorld.Records, Shots).Sample((records, shots) =>
    {
        var state = ContractWorld.State(records);
        foreach (var finding in RuleHygiene.Find(PolicyReach.Analyze(state, []), TestContext.Current.CancellationToken))
        {
            if (finding.Fault == RuleFault.TooBroad) continue;
            var without = ContractWorld.State(records.Select(r => r is PolicyUpdate p ? Without(p, finding.Rule) : r));
            foreach (var (endpoint, packet) in Packets(state, shots, finding.Rule.Direction))
            {
                var verdict = new Evaluator(state).Evaluate(endpoint, finding.Rule.Direction, packet);
                var other = new Evaluator(without).Evaluate(endpoint, finding.Rule.Direction, packet);
                Assert.Equal(verdict.Allowed, other.Allowed);
                if (finding.Fault != RuleFault.Redundant) Assert.NotEqual(finding.Rule, verdict.Decider);
                if (finding.Fault == RuleFault.MatchesNothing) Assert.DoesNotContain(verdict.Trace, s => s is RuleVisited { Matched: true } v && v.Rule == finding.Rule);
            }
        }
    }, iter: 120);

    [Fact]
    public void A_rule_that_decides_is_neither_shadowed_nor_unreachable() => Gen.Select(ContractWorld.Records, Shots).Sample((records, shots) =>
    {
        var state = ContractWorld.State(records);
        var idle = RuleHygiene.Find(PolicyReach.Analyze(state, []), TestContext.Current.CancellationToken)
            .Where(f => f.Fault is RuleFault.Shadowed or RuleFault.MatchesNothing).Select(f => f.Rule).ToHashSet();
        foreach (var direction in Enum.GetValues<PolicyDirection>())
            foreach (var (endpoint, packet) in Packets(state, shots, direction))
                if (new Evaluator(state).Evaluate(endpoint, direction, packet) is { Reason: VerdictReason.Rule, Decider: { } decider }) Assert.DoesNotContain(decider, idle);
    }, iter: 120);

    private static PolicyUpdate Without(PolicyUpdate policy, RuleId rule) =>
        policy with { Ingress = policy.Ingress.RemoveAll(r => r.Id == rule), Egress = policy.Egress.RemoveAll(r => r.Id == rule) };

    private static IEnumerable<(EndpointId, Packet)> Packets(CompiledState state, (int, byte, ushort, ushort, byte)[] shots, PolicyDirection direction)
    {
        foreach (var (number, protocol, source, destination, type) in shots)
        {
            var peer = ContractWorld.Addresses[number];
            foreach (var endpoint in state.Endpoints.Values)
            {
                foreach (var own in endpoint.Addresses.Where(a => a.Family == peer.Family))
                {
                    var (from, to) = direction == PolicyDirection.Ingress ? (peer, own) : (own, peer);
                    yield return (endpoint.Id, new Packet(from, to, protocol) { SourcePort = source, DestinationPort = destination, IcmpType = type });
                }
            }
        }
    }
}
