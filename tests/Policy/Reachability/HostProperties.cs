using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;
using Xunit;

namespace Margay.Policy.Tests.Reachability;

/// <summary>The table says about connections of hosts' own processes what the host evaluator says, which sees the interfaces.</summary>
public sealed class HostProperties
{
    private static readonly Gen<(int Address, byte Protocol, ushort Source, ushort Destination)> Shots = Gen.Select(
        Gen.Int[0, 1_000], Pick.From<byte>(6, 6, 17, 132, 1, 58, 47), Pick.From<ushort>(0, 53, 80, 443, 1024, 8080), Pick.From<ushort>(0, 53, 79, 80, 443, 8080));

    [Fact]
    public void Agrees_with_the_host_evaluator_about_any_compiled_policy()
    {
        var met = new Dictionary<VerdictReason, int>();
        Gen.Select(ContractWorld.WithHosts, Shots.Array[40]).Sample((records, shots) => Compare(ContractWorld.State(records), shots, met), iter: 1500, threads: 1);
        // Every way to a verdict was met.
        foreach (var reason in (VerdictReason[])[VerdictReason.Rule, VerdictReason.EndOfTier, VerdictReason.NoProfile, VerdictReason.Failsafe, VerdictReason.Undecided, VerdictReason.EndpointToHost])
            Assert.True(met.GetValueOrDefault(reason) > 20, $"{reason}: {met.GetValueOrDefault(reason)}");
    }

    private static void Compare(CompiledState state, IEnumerable<(int, byte, ushort, ushort)> shots, Dictionary<VerdictReason, int> met)
    {
        var reach = PolicyReach.Analyze(state, []);
        foreach (var (number, protocol, source, destination) in shots)
        {
            foreach (var host in reach.Families.SelectMany(f => f.Hosts))
            {
                var family = reach.Of(host.Address.Family);
                var peers = ContractWorld.Addresses.Where(a => a.Family == host.Address.Family).Concat(family.Hosts.Where(h => h.Node != host.Node).Select(h => h.Address)).ToArray();
                var peer = peers[number % peers.Length];
                int atom = family.Atoms.Of(peer);
                var at = Assert.Single(ContractWorld.Interfaces, i => i.Node == host.Node && i.At.Addresses.Contains(host.Address)).At;
                var evaluator = new HostEvaluator(state, host.Node);

                var arriving = evaluator.Evaluate(new HostPassage(new PassageEnd.Beyond(at), new PassageEnd.Host(), Packet(peer, host.Address)));
                Same(arriving, host.Ingress(atom, ownPod: false).About(Packet(peer, host.Address)), met);
                var leaving = evaluator.Evaluate(new HostPassage(new PassageEnd.Host(), new PassageEnd.Beyond(at), Packet(host.Address, peer)));
                Same(leaving, host.ToNetwork.At(atom).About(Packet(host.Address, peer)), met);
                foreach (var pod in state.Endpoints.Values)
                    foreach (var own in pod.Addresses.Where(a => a.Family == host.Address.Family)) FromPod(pod.Id, own, Packet(own, host.Address));

                void FromPod(EndpointId pod, IpAddr own, Packet packet)
                {
                    var verdict = evaluator.Evaluate(new HostPassage(new PassageEnd.Workload(pod), new PassageEnd.Host(), packet));
                    var egress = Assert.Single(family.Of(pod), c => c.Atom == family.Atoms.Of(own)).Egress.At(host.Atom).About(packet);
                    var ingress = host.Ingress(family.Atoms.Of(own), ownPod: true).About(packet);
                    Assert.Equal(verdict.Passes, egress.Allowed && ingress.Allowed);
                    if (verdict.Hooks is [.., { Verdict: { Allowed: false } denied, Workload: null }]) Assert.Equal(new Ruling(false, denied.Reason, denied.Decider), ingress);
                    met[ingress.Reason] = met.GetValueOrDefault(ingress.Reason) + 1;
                }
            }

            Packet Packet(IpAddr from, IpAddr to) => new(from, to, protocol) { SourcePort = source, DestinationPort = destination };
        }
    }

    private static void Same(PassageVerdict verdict, Ruling ruling, Dictionary<VerdictReason, int> met)
    {
        Assert.NotEqual(PassageOutcome.LeftAlone, verdict.Outcome);
        var decisive = verdict.Decisive!.Verdict;
        Assert.Equal(new Ruling(verdict.Passes, decisive.Reason, decisive.Decider), ruling);
        met[ruling.Reason] = met.GetValueOrDefault(ruling.Reason) + 1;
    }
}
