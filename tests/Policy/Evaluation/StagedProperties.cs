using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Tests.Graph;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>Random clusters: what staged policies are said to do is what happens when somebody enforces them.</summary>
public sealed class StagedProperties
{
    private static readonly (byte Protocol, ushort Port)[] Probes = [(6, 80), (17, 53), (1, 0)];
    private static readonly string[] Others = ["10.0.0.1", "10.0.0.2", "192.0.2.3", "fd00::4"];

    private static readonly Gen<List<Resource>> Clusters = Universe.Objects.Aggregate(
        Gen.Const(new List<Resource>()),
        (all, next) => Gen.Select(all, next, Gen.Int[0, 4]).Select((list, one, gone) => gone == 0 ? list : [.. list, one]));

    [Fact]
    public void Pending_is_what_enforcing_makes_of_it() => Gen.Select(Clusters, Gen.Int[-1, 1]).Sample((objects, day) =>
    {
        var ours = Cluster(objects, day);
        var enforced = Cluster(Promotion.Enforce(objects, _ => true), day);
        var without = Cluster(Promotion.Enforce(objects, _ => false), day);
        foreach (var (id, direction, packet) in Questions(ours.State))
        {
            var verdict = new Evaluator(ours.State).EvaluateStaged(id, direction, packet);
            Assert.Equal(Show(new Evaluator(without.State).Evaluate(id, direction, packet)), Show(verdict.Enforced));
            Assert.Equal(Show(new Evaluator(enforced.State).Evaluate(id, direction, packet)), Show(verdict.Pending));
        }
        foreach (var passage in Passages())
        {
            var verdict = ours.EvaluateStaged("n1", passage);
            Assert.Equal(Show(without.Evaluate("n1", passage)), Show(verdict.Enforced));
            Assert.Equal(Show(enforced.Evaluate("n1", passage)), Show(verdict.Pending));
        }
    }, iter: 150);

    [Fact]
    public void Alone_is_what_enforcing_one_makes_of_it() => Gen.Select(Clusters, Gen.Int[-1, 1]).Sample((objects, day) =>
    {
        var ours = Cluster(objects, day);
        foreach (var staged in objects.Where(Promotion.IsStaged))
        {
            var enforced = Cluster(Promotion.Enforce(objects, o => ReferenceEquals(o, staged)), day);
            foreach (var (id, direction, packet) in Questions(ours.State).Where((_, i) => i % 5 == 0))
            {
                var verdict = new Evaluator(ours.State).EvaluateStaged(id, direction, packet);
                var effect = verdict.Effects.FirstOrDefault(e => e.Policy.Name == staged.Metadata.Name && e.Policy.Namespace == (staged.Metadata.Namespace ?? "") && e.Policy.Kind.ToString() == staged.Kind);
                Assert.Equal(Show(new Evaluator(enforced.State).Evaluate(id, direction, packet)), Show(effect?.Alone ?? verdict.Enforced));
            }
        }
    }, iter: 50);

    private static ClusterPolicy Cluster(List<Resource> objects, int day)
    {
        var cluster = new ClusterPolicy();
        // Before, in and after the times of timed policies; the same for a cluster and what becomes of it.
        cluster.SetTime(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero).AddDays(day));
        cluster.Apply(objects);
        return cluster;
    }

    /// <summary>The verdict, with the names that the policies have once they are enforced.</summary>
    private static string Show(Verdict verdict) => verdict.Decider is { } decider
        ? $"{verdict.Allowed} {verdict.Reason} {decider with { Policy = decider.Policy.Counterpart }}"
        : $"{verdict.Allowed} {verdict.Reason}";

    private static string Show(PassageVerdict verdict) =>
        $"{verdict.Outcome} {verdict.IsTracked} {string.Join(' ', verdict.Hooks.Select(h => $"{h.Hook} {h.HostEndpoint} {Show(h.Verdict)}"))}";

    private static IEnumerable<(EndpointId Id, PolicyDirection Direction, Packet Packet)> Questions(CompiledState state) =>
        from endpoint in state.Endpoints.Values.OrderBy(e => e.Id.ToString(), StringComparer.Ordinal)
        from own in endpoint.Addresses
        from other in Others.Select(IpAddr.Parse).Where(o => o.Family == own.Family)
        from probe in Probes
        from direction in new[] { PolicyDirection.Ingress, PolicyDirection.Egress }
        select (endpoint.Id, direction, direction == PolicyDirection.Ingress ? Packet(other, own, probe) : Packet(own, other, probe));

    private static IEnumerable<HostPassage> Passages()
    {
        var at = new PassageEnd.Beyond(new HostInterface("eth0", [IpAddr.Parse("192.0.2.3")]));
        var far = new PassageEnd.Beyond(new HostInterface("eth1", []));
        foreach (var probe in Probes)
        {
            var packet = Packet(IpAddr.Parse("10.0.0.2"), IpAddr.Parse("192.0.2.3"), probe);
            yield return new HostPassage(at, new PassageEnd.Host(), packet);
            yield return new HostPassage(new PassageEnd.Host(), at, packet);
            yield return new HostPassage(at, far, packet);
        }
    }

    private static Packet Packet(IpAddr source, IpAddr destination, (byte Protocol, ushort Port) probe) =>
        new(source, destination, probe.Protocol) { SourcePort = 80, DestinationPort = probe.Port, IcmpType = 8 };
}
