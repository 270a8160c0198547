using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;
using Margay.Policy.Tests.Graph;
using Xunit;

namespace Margay.Policy.Tests.Reachability;

/// <summary>The table and the evaluator say the same about every packet: verdict, reason and deciding rule.</summary>
public sealed class EvaluatorProperties
{
    private static readonly byte[] Protocols = [6, 17, 132, 136, 1, 58, 47, 0, 255];
    private static readonly ushort[] Ports = [0, 53, 78, 79, 80, 81, 90, 91, 443, 444, 1023, 1024, 8080, 65535];

    private static readonly Gen<(int Address, byte Protocol, ushort Source, ushort Destination, byte Type, byte Code)> Shots = Gen.Select(
        Gen.Int[0, ContractWorld.Addresses.Length - 1], Pick.From(Protocols), Pick.From(Ports), Pick.From(Ports),
        Pick.From<byte>(0, 8, 255), Pick.From<byte>(0, 3, 255));

    private static readonly Gen<List<Resource>> Clusters = Universe.Objects.Aggregate(
        Gen.Const(new List<Resource>()),
        (all, next) => Gen.Select(all, next, Gen.Int[0, 5]).Select((list, one, gone) => gone == 0 ? list : [.. list, one]));

    [Fact]
    public void Agrees_with_the_evaluator_about_any_compiled_policy() =>
        Gen.Select(ContractWorld.Records, Shots.Array[60]).Sample((records, shots) => Compare(ContractWorld.State(records), shots), iter: 1500);

    [Fact]
    public void Agrees_with_the_evaluator_about_policies_that_resources_compile_to() =>
        Gen.Select(Clusters, Shots.Array[60]).Sample((objects, shots) =>
        {
            var cluster = new ClusterPolicy();
            cluster.Apply(objects);
            Compare(cluster.State, shots);
        }, iter: 500);

    [Fact]
    public void Another_world_over_the_same_addresses_changes_no_answer() =>
        Gen.Select(ContractWorld.Records, ContractWorld.Records, Shots.Array[40]).Sample((first, second, shots) =>
        {
            var states = new[] { ContractWorld.State(first), ContractWorld.State(second) };
            var reach = PolicyReach.Analyze(states, [IpPrefix.Parse("10.0.0.8/29"), IpPrefix.Parse("fe80::/10")]);
            Compare(states[0], reach[0], shots);
            Compare(states[1], reach[1], shots);
        }, iter: 500);

    private static void Compare(CompiledState state, IEnumerable<(int, byte, ushort, ushort, byte, byte)> shots) => Compare(state, PolicyReach.Analyze(state, []), shots);

    private static void Compare(CompiledState state, PolicyReach reach, IEnumerable<(int, byte, ushort, ushort, byte, byte)> shots)
    {
        var evaluator = new Evaluator(state);
        foreach (var (number, protocol, source, destination, type, code) in shots)
        {
            var peer = ContractWorld.Addresses[number];
            foreach (var endpoint in state.Endpoints.Values)
            {
                foreach (var own in endpoint.Addresses.Where(a => a.Family == peer.Family))
                {
                    Check(PolicyDirection.Ingress, Packet(peer, own));
                    Check(PolicyDirection.Egress, Packet(own, peer));

                    void Check(PolicyDirection direction, Packet packet)
                    {
                        var family = reach.Of(peer.Family);
                        var (at, to) = (family.Atoms.Of(own), family.Atoms.Of(peer));
                        var found = Assert.Single(family.Of(endpoint.Id), c => c.Atom == at);
                        var ruling = (direction == PolicyDirection.Ingress ? found.Ingress : found.Egress).At(to).About(packet);
                        var verdict = evaluator.Evaluate(endpoint.Id, direction, packet);
                        Assert.Equal(new Ruling(verdict.Allowed, verdict.Reason, verdict.Decider), ruling);
                    }
                }
            }

            Packet Packet(IpAddr from, IpAddr to) =>
                new(from, to, protocol) { SourcePort = source, DestinationPort = destination, IcmpType = type, IcmpCode = code };
        }
    }
}
