using CsCheck;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Tests.Graph;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>What explanations say about rules is what the evaluator does with them.</summary>
public sealed class RuleMismatchProperties
{
    private static readonly Gen<List<Resource>> Clusters = Universe.Objects.Aggregate(
        Gen.Const(new List<Resource>()), (all, next) => Gen.Select(all, next).Select((list, one) => (List<Resource>)[.. list, one]));

    private static readonly Gen<Packet> Packets = Gen.Select(
        Gen.OneOf(Gen.Const("10.0.0.1"), Gen.Const("10.0.0.2"), Gen.Const("192.0.2.3"), Gen.Const("198.51.100.1")), Gen.OneOf(Gen.Const("10.0.0.1"), Gen.Const("10.0.0.3"), Gen.Const("10.0.0.9")),
        Gen.OneOf(Gen.Const((byte)6), Gen.Const((byte)17), Gen.Const((byte)1), Gen.Const((byte)47)), Gen.OneOf(Gen.Const((ushort)80), Gen.Const((ushort)53), Gen.Const((ushort)8080)))
        .Select((from, to, protocol, port) => new Packet(IpAddr.Parse(from), IpAddr.Parse(to), protocol) { SourcePort = port, DestinationPort = port, IcmpType = 8 });

    [Fact]
    public void A_rule_without_mismatches_matches_and_one_that_loses_them_would() => Gen.Select(Clusters, Packets.Array[8]).Sample(
        (objects, packets) =>
        {
            var cluster = new ClusterPolicy();
            cluster.Apply(objects);
            var state = cluster.State;
            var rules = state.Policies.Values.SelectMany(policy => policy.Ingress.Concat(policy.Egress));
            foreach (var rule in rules)
            {
                foreach (var packet in packets)
                {
                    var parts = RuleMismatches.Of(rule, packet, state);
                    Assert.Equal(RuleMatching.Matches(rule, packet, state), parts.IsEmpty);
                    // Every part of the contract is known here by name: a new one fails this.
                    Assert.DoesNotContain(parts, part => part.Part == RulePart.Other);
                    Assert.True(RuleMatching.Matches(RuleMismatches.Without(rule, parts), packet, state));
                }
            }
        },
        iter: 200);
}
