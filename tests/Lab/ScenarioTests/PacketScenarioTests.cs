using System.Diagnostics;

namespace Margay.Lab.Tests.ScenarioTests;

/// <summary>Every scenario as real packets in a lab, and through the evaluator over the state of the lab's API.</summary>
[Collection("lab")]
[Trait("Needs", "lab")]
public sealed class PacketScenarioTests(LabFixture lab) : IClassFixture<LabFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int RandomSets = 200;
    private const int ProbesOfASet = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    public static TheoryData<string> Files => [.. Scenario.Files()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Packets_go_where_the_scenario_and_the_evaluator_say(string file)
    {
        Assert.True(lab.Obstacle is null, lab.Obstacle);
        var stop = TestContext.Current.CancellationToken;
        var scenario = Scenario.Load(file);
        try
        {
            await lab.ApplyAsync(scenario.Resources, stop);
            var evaluated = new EvaluatedWorld(await lab.StateAsync(stop));
            Assert.All(scenario.Probes, probe => Assert.True(evaluated.Allows(probe) == probe.Allowed, $"evaluator: {probe}"));
            await AgreeAsync(scenario.Probes, stop);
        }
        finally
        {
            await lab.DeleteAsync(scenario.Resources, stop);
        }
    }

    [Fact]
    public async Task Packets_go_where_the_evaluator_says_for_200_random_sets_of_policies()
    {
        Assert.True(lab.Obstacle is null, lab.Obstacle);
        var stop = TestContext.Current.CancellationToken;
        for (int seed = 1; seed <= RandomSets; seed++)
        {
            var random = new RandomPolicies(seed);
            var resources = random.Resources();
            try
            {
                await lab.ApplyAsync(resources, stop);
                var evaluated = new EvaluatedWorld(await lab.StateAsync(stop));
                await AgreeAsync([.. random.Probes(ProbesOfASet).Select(probe => probe with { Allowed = evaluated.Allows(probe) })], stop, $"seed {seed}, ");
            }
            finally
            {
                await lab.DeleteAsync(resources, stop);
            }
        }
    }

    // Policies take a moment from the API to the kernels, one after the other, and what is between may agree by chance: all
    // probes must agree twice in a row.
    private async Task AgreeAsync(IReadOnlyList<ScenarioProbe> probes, CancellationToken stop, string what = "")
    {
        IReadOnlyList<ScenarioProbe> wrong = probes;
        var history = new List<int>();
        long began = Stopwatch.GetTimestamp();
        for (int agreed = 0; agreed < 2;)
        {
            if (wrong.Count > 0 && history.Count >= 2 && Stopwatch.GetElapsedTime(began) > Patience) await FailAsync(what, wrong, history, stop);
            if (wrong.Count > 0 && history.Count > 0) await Task.Delay(Pause, stop);
            wrong = await WrongAsync(probes, stop);
            history.Add(wrong.Count);
            agreed = wrong.Count == 0 ? agreed + 1 : 0;
        }
    }

    private async Task FailAsync(string what, IReadOnlyList<ScenarioProbe> wrong, List<int> history, CancellationToken stop)
    {
        string said = string.Join("; ", wrong.Select(probe => $"{probe} should be {(probe.Allowed ? "allowed" : "denied")}"));
        string evidence = await Evidence.CollectAsync(lab.Layout, ["node1", "node2", "node3"], stop);
        Assert.Fail($"{what}packets: {said}; wrong in each round: {string.Join(' ', history)}; evidence: {evidence}");
    }

    private async Task<IReadOnlyList<ScenarioProbe>> WrongAsync(IReadOnlyList<ScenarioProbe> probes, CancellationToken stop)
    {
        bool[] reached = await Task.WhenAll(probes.Select(probe => lab.Packets.ReachesAsync(probe, stop)));
        return [.. probes.Where((probe, index) => probe.Allowed != reached[index])];
    }
}
