using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Comparison;
using Xunit;

namespace Margay.Policy.Tests.Reachability;

/// <summary>The difference between two policies says of every packet between any two ends what two evaluators say.</summary>
public sealed class ComparisonProperties
{
    private static readonly IpAddr[] Outside = [IpAddr.Parse("192.0.2.7"), IpAddr.Parse("10.9.9.9"), IpAddr.Parse("fd00::77"), IpAddr.Parse("2001:db8::1")];

    private static readonly Gen<(byte Protocol, ushort Source, ushort Destination, byte Type)[]> Shots = Gen.Select(
        Pick.From<byte>(6, 17, 132, 1, 58, 47), Pick.From<ushort>(0, 53, 80, 443, 1024), Pick.From<ushort>(0, 53, 80, 81, 443, 8080), Pick.From<byte>(0, 8)).Array[12];

    [Fact]
    public void Says_what_two_evaluators_say() => Gen.Select(ContractWorld.Records, ContractWorld.Records, Gen.Int[0, 3], Shots).Sample((first, second, gone, shots) =>
    {
        // Half the time the second world is the first with one policy changed: small differences are the usual case.
        if (gone % 2 == 0) second = [.. first.Where(r => r is not PolicyUpdate { Id.Name: "a.1" }), .. second.OfType<PolicyUpdate>().Where(p => p.Id.Name == "a.1")];
        if (gone == 3) second = [.. second.Where(r => r is not WorkloadEndpointUpdate { Id.Name: "two" })];
        var (before, after) = (ContractWorld.State(first), ContractWorld.State(second));
        var difference = PolicyComparison.Compare(before, after, PodPlacement.Unknown, TestContext.Current.CancellationToken);
        foreach (var source in Ends(before, after))
        {
            foreach (var destination in Ends(before, after))
            {
                if (source.Address.Family != destination.Address.Family || (source.Pod is null && destination.Pod is null) || source.Pod == destination.Pod) continue;
                foreach (var (protocol, from, to, type) in shots)
                {
                    var packet = new Packet(source.Address, destination.Address, protocol) { SourcePort = from, DestinationPort = to, IcmpType = type };
                    var changes = difference.Changes.Where(p => p.Family == source.Address.Family && Is(p.From, source, difference) && Is(p.To, destination, difference))
                        .SelectMany(p => p.Changes).Where(c => c.Packets.Contains(packet)).ToArray();
                    var (old, now) = (Ask(before, source, destination, packet), Ask(after, source, destination, packet));
                    if (old.Allowed != now.Allowed)
                    {
                        var change = Assert.Single(changes);
                        Assert.Equal(now.Allowed ? ChangeKind.Opens : ChangeKind.Closes, change.Kind);
                        Assert.Equal(Of(change.Side, old), change.Before);
                        // The side that says no.
                        Assert.False((now.Allowed ? change.Before : change.After).Allowed);
                    }
                    else
                    {
                        Assert.All(changes, c => Assert.Equal(ChangeKind.Redecided, c.Kind));
                        Assert.All(changes, c => Assert.NotEqual(c.Before, c.After));
                    }
                }
            }
        }
    }, iter: 150);

    [Fact]
    public void A_policy_compared_with_itself_has_no_difference() => ContractWorld.Records.Sample(
        records => Assert.Empty(PolicyComparison.Compare(ContractWorld.State(records), ContractWorld.State(records), PodPlacement.Unknown, TestContext.Current.CancellationToken).Changes), iter: 300);

    private static IEnumerable<(EndpointId? Pod, IpAddr Address)> Ends(CompiledState before, CompiledState after) =>
        before.Endpoints.Values.Concat(after.Endpoints.Values).SelectMany(e => e.Addresses.Select(a => ((EndpointId?)e.Id, a))).Distinct()
            .Concat(Outside.Select(a => ((EndpointId?)null, a)));

    private static bool Is(JointEnd end, (EndpointId? Pod, IpAddr Address) wanted, PolicyDifference difference)
    {
        var atoms = difference.Before.Of(wanted.Address.Family).Atoms;
        int atom = atoms.Of(wanted.Address);
        return wanted.Pod is { } pod
            ? end.Endpoints.Contains(pod) && (end.Before ?? end.After)!.Atom == atom
            : end.OutsideAtom == atom;
    }

    /// <summary>What each side says; a pod that is not there lets nothing pass.</summary>
    private static (bool Allowed, Ruling Egress, Ruling Ingress) Ask(CompiledState state, (EndpointId? Pod, IpAddr) source, (EndpointId? Pod, IpAddr) destination, Packet packet)
    {
        var evaluator = new Evaluator(state);
        bool here = Has(source.Pod), there = Has(destination.Pod);
        var egress = !here ? Ruling.NoEndpoint : source.Pod is { } from && there ? Rule(evaluator.Evaluate(from, PolicyDirection.Egress, packet)) : Ruling.NoPolicy;
        var ingress = !there ? Ruling.NoEndpoint : destination.Pod is { } to && here ? Rule(evaluator.Evaluate(to, PolicyDirection.Ingress, packet)) : Ruling.NoPolicy;
        return (egress.Allowed && ingress.Allowed, egress, ingress);

        bool Has(EndpointId? pod) => pod is not { } id || state.Endpoints.ContainsKey(id);
    }

    private static Ruling Rule(Verdict verdict) => new(verdict.Allowed, verdict.Reason, verdict.Decider);

    private static Ruling Of(PolicyDirection side, (bool, Ruling Egress, Ruling Ingress) rulings) => side == PolicyDirection.Egress ? rulings.Egress : rulings.Ingress;
}
