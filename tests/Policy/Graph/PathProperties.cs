using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Graph;

/// <summary>What the graph says depends on what there is, never on how it came to be.</summary>
public sealed class PathProperties
{
    /// <summary>A step: a thing gets a version, or goes; then perhaps the output is taken.</summary>
    private sealed record Step(Action<PolicyGraph> Do, object Key, Action<PolicyGraph>? Final, bool Drain);

    /// <summary>
    /// How many long histories to try instead of the usual ones: <c>MARGAY_SEQUENCES=10000</c> tries that many of 200 steps each.
    /// </summary>
    private static readonly int _long = int.TryParse(Environment.GetEnvironmentVariable("MARGAY_SEQUENCES"), out int given) ? given : 0;

    private static readonly DateTimeOffset _start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static Gen<Step> StepOf(int index) => index < 0
        ? Gen.Select(Universe.Times, Gen.Int[0, 3]).Select((now, drain) => new Step(g => g.SetTime(now), "time", g => g.SetTime(now), drain == 0))
        : index < Universe.Objects.Length
            ? Gen.Select(Universe.Objects[index], Gen.Int[0, 4], Gen.Int[0, 3]).Select((resource, gone, drain) =>
            {
                var update = gone == 0 ? Make.Gone(resource) : Make.Update(resource);
                return new Step(g => g.Apply(update), update.Key, gone == 0 ? null : g => g.Apply(update), drain == 0);
            })
            : Gen.Select(Universe.Locals[index - Universe.Objects.Length], Gen.Int[0, 4], Gen.Int[0, 3]).Select((local, gone, drain) =>
            {
                Action<PolicyGraph> set = g => g.SetLocalEndpoint(local);
                return new Step(gone == 0 ? g => g.RemoveLocalEndpoint(local.Namespace, local.Name) : set, (local.Namespace, local.Name), gone == 0 ? null : set, drain == 0);
            });

    private static readonly Gen<List<Step>> Histories =
        Gen.Int[-2, Universe.Objects.Length + Universe.Locals.Length - 1].SelectMany(StepOf).List[_long > 0 ? 200 : 5, _long > 0 ? 200 : 120];

    [Fact]
    public void Any_path_to_a_state_gives_the_same_output() => Gen.Select(Histories, Gen.Int[0, 100], Gen.Int[0, 1000]).Sample((steps, syncAt, seed) =>
    {
        // The path as it was, told in pieces.
        var graph = new PolicyGraph("n1", unpackedPolicies: 1);
        var replay = new Replay();
        for (int i = 0; i < steps.Count; i++)
        {
            if (i == syncAt) graph.MarkInSync();
            steps[i].Do(graph);
            if (steps[i].Drain) replay.Apply(graph.Drain());
        }
        graph.MarkInSync();
        replay.Apply(graph.Drain());
        Assert.Empty(graph.Drain());

        // What is left of it, in another order, told at once.
        var final = steps.GroupBy(s => s.Key).Select(g => g.Last().Final).OfType<Action<PolicyGraph>>().ToArray();
        new Random(seed).Shuffle(final);
        var fresh = new PolicyGraph("n1");
        foreach (var apply in final) apply(fresh);
        fresh.MarkInSync();
        var all = fresh.Drain();
        var once = new Replay();
        once.Apply(all);
        Assert.Equal(once.State.Snapshot(), replay.State.Snapshot());

        // The same again changes nothing; and taking everything away leaves nothing.
        foreach (var apply in final) apply(graph);
        Assert.Empty(graph.Drain());
    }, iter: _long > 0 ? _long : 800);

    [Fact]
    public void Detours_that_come_back_say_nothing() => Gen.Select(Histories, Histories).Sample((there, detour) =>
    {
        // Nobody can forget what time it is.
        var graph = new PolicyGraph("n1", unpackedPolicies: 1);
        graph.SetTime(_start);
        foreach (var step in there) step.Do(graph);
        graph.MarkInSync();
        graph.Drain();
        var last = there.GroupBy(s => s.Key).ToDictionary(g => g.Key, g => g.Last().Do);
        foreach (var step in detour) step.Do(graph);
        // Things that did not exist before go; the others become what they were.
        foreach (var step in detour)
        {
            if (last.TryGetValue(step.Key, out var back)) back(graph);
            else Remove(graph, step.Key);
        }
        Assert.Empty(graph.Drain());
    }, iter: 500);

    [Fact]
    public void An_empty_cluster_leaves_nothing_behind() => Histories.Sample(steps =>
    {
        var graph = new PolicyGraph("n1", unpackedPolicies: 1);
        graph.MarkInSync();
        var replay = new Replay();
        foreach (var step in steps) step.Do(graph);
        replay.Apply(graph.Drain());
        foreach (var key in steps.Select(s => s.Key).Distinct()) Remove(graph, key);
        replay.Apply(graph.Drain());
        Assert.Equal([new NodeSettings(), new PoolsUpdate([])], replay.State.Snapshot());
    }, iter: 500);

    private static void Remove(PolicyGraph graph, object key)
    {
        if (key is ResourceKey resource) graph.Apply(new ResourceUpdate(resource, null));
        else if (key is "time") graph.SetTime(_start);
        else if (key is ValueTuple<string, string> local) graph.RemoveLocalEndpoint(local.Item1, local.Item2);
    }
}
