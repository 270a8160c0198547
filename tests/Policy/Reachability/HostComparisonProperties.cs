using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Comparison;
using Xunit;

namespace Margay.Policy.Tests.Reachability;

/// <summary>The difference between two policies says of hosts' own connections what two host evaluators say.</summary>
public sealed class HostComparisonProperties
{
    private static readonly IpAddr[] _outside = [IpAddr.Parse("192.0.2.7"), IpAddr.Parse("10.9.9.9"), IpAddr.Parse("fd00::77")];

    private static readonly Gen<(byte Protocol, ushort Source, ushort Destination)[]> Shots =
        Gen.Select(Pick.From<byte>(6, 6, 17, 1), Pick.From<ushort>(0, 53, 80, 443), Pick.From<ushort>(0, 53, 80, 81, 443, 8080)).Array[8];

    /// <summary>Pods and addresses that hosts talk to.</summary>
    private readonly record struct Peer(EndpointId? Pod, IpAddr Address);

    [Fact]
    public void Says_what_two_host_evaluators_say()
    {
        int differences = 0;
        Gen.Select(ContractWorld.WithHosts, ContractWorld.WithHosts, Gen.Int[0, 3], Shots).Sample((first, second, form, shots) =>
        {
            // Usually little differs: a policy, or an endpoint that comes.
            if (form > 0) second = [.. first.Where(r => r is not PolicyUpdate { Id.Name: "a.1" }), .. second.OfType<PolicyUpdate>().Where(p => p.Id.Name == "a.1")];
            if (form == 2) first = [.. first.Where(r => r is not HostEndpointUpdate { Id.Name: "h2" })];
            var (before, after) = (ContractWorld.State(first), ContractWorld.State(second));
            var difference = PolicyComparison.Compare(before, after, new PodPlacement(p => NodeOf(p), p => NodeOf(p)), TestContext.Current.CancellationToken);
            Assert.DoesNotContain(HostDifference.Find(before, after), h => !h.OnlyForwarded);
            var known = before.HostEndpoints.Values.Concat(after.HostEndpoints.Values).SelectMany(e => e.Addresses).ToHashSet();
            foreach (var (node, at) in ContractWorld.Interfaces)
                foreach (var address in at.Addresses.Where(known.Contains))
                    foreach (var peer in Peers(before, after, address.Family))
                        foreach (var (protocol, from, to) in shots)
                        {
                            Check(new Packet(peer.Address, address, protocol) { SourcePort = from, DestinationPort = to }, toHost: true);
                            Check(new Packet(address, peer.Address, protocol) { SourcePort = from, DestinationPort = to }, toHost: false);

                            void Check(Packet packet, bool toHost)
                            {
                                var changes = difference.Changes.Where(c => IsHost(toHost ? c.To : c.From, address) && IsPeer(toHost ? c.From : c.To, peer, difference))
                                    .SelectMany(c => c.Changes).Where(c => c.Packets.Contains(packet)).ToArray();
                                bool old = Passes(before, node, at, peer, packet, toHost), now = Passes(after, node, at, peer, packet, toHost);
                                if (old == now) Assert.All(changes, c => Assert.Equal(ChangeKind.Redecided, c.Kind));
                                else Assert.Equal(now ? ChangeKind.Opens : ChangeKind.Closes, Assert.Single(changes).Kind);
                                if (old != now) differences++;
                            }
                        }
        }, iter: 150, threads: 1);
        Assert.True(differences > 1_000, $"{differences}");
    }

    private static string? NodeOf(EndpointId pod) => pod.Name switch { "one" => "n1", "two" => "n2", _ => null };

    private static IEnumerable<Peer> Peers(CompiledState before, CompiledState after, IpFamily family) =>
        before.Endpoints.Values.Concat(after.Endpoints.Values).SelectMany(e => e.Addresses.Select(a => new Peer(e.Id, a))).Concat(_outside.Select(a => new Peer(null, a)))
            .Distinct().Where(p => p.Address.Family == family);

    private static bool IsHost(JointEnd end, IpAddr address) => end.Host?.Address == address;

    private static bool IsPeer(JointEnd end, Peer peer, PolicyDifference difference)
    {
        int atom = difference.Before.Of(peer.Address.Family).Atoms.Of(peer.Address);
        return peer.Pod is { } pod ? end.Endpoints.Contains(pod) && (end.Before ?? end.After)!.Atom == atom : end.OutsideAtom == atom;
    }

    private static bool Passes(CompiledState state, string node, HostInterface at, Peer peer, Packet packet, bool toHost)
    {
        var (evaluator, pods) = (new HostEvaluator(state, node), new Evaluator(state));
        bool own = peer.Pod is { } pod && NodeOf(pod) == node;
        PassageEnd host = new PassageEnd.Host(), other = own ? new PassageEnd.Workload(peer.Pod!.Value) : new PassageEnd.Beyond(at);
        bool passes = evaluator.Evaluate(toHost ? new HostPassage(other, host, packet) : new HostPassage(host, other, packet)).Passes;
        if (own || peer.Pod is not { } elsewhere) return passes;
        return passes && pods.Evaluate(elsewhere, toHost ? PolicyDirection.Egress : PolicyDirection.Ingress, packet).Allowed;
    }
}
