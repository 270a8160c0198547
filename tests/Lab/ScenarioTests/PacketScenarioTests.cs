namespace Margay.Lab.Tests.ScenarioTests;

/// <summary>Every scenario as real packets in a lab, and through the evaluator over the state of the lab's API.</summary>
[Trait("Needs", "lab")]
public sealed class PacketScenarioTests(LabFixture lab) : IClassFixture<LabFixture>
{
    private const int MostRounds = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    public static TheoryData<string> Files => [.. Scenario.Files()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Packets_go_where_the_scenario_and_the_evaluator_say(string file)
    {
        Assert.SkipWhen(lab.Obstacle is not null, lab.Obstacle ?? "");
        var stop = TestContext.Current.CancellationToken;
        var scenario = Scenario.Load(file);
        await lab.ApplyAsync(scenario.Resources, stop);
        try
        {
            var evaluated = new EvaluatedWorld(await lab.StateAsync(stop));
            Assert.All(scenario.Probes, probe => Assert.True(evaluated.Allows(probe) == probe.Allowed, $"evaluator: {probe}"));
            await AgreeAsync(scenario.Probes, stop);
        }
        finally
        {
            await lab.DeleteAsync(scenario.Resources, stop);
        }
    }

    // A policy takes a moment from the API to the kernels. When all probes have agreed once, they must agree again, all together.
    private async Task AgreeAsync(IReadOnlyList<ScenarioProbe> probes, CancellationToken stop)
    {
        var open = probes;
        for (int round = 0; open.Count > 0 && round < MostRounds; round++)
        {
            if (round > 0) await Task.Delay(Pause, stop);
            open = await WrongAsync(open, stop);
        }

        Assert.True(open.Count == 0, $"packets: {string.Join("; ", open.Select(probe => $"{probe} should be {(probe.Allowed ? "allowed" : "denied")}"))}");
        Assert.Empty(await WrongAsync(probes, stop));
    }

    private async Task<IReadOnlyList<ScenarioProbe>> WrongAsync(IReadOnlyList<ScenarioProbe> probes, CancellationToken stop)
    {
        bool[] reached = await Task.WhenAll(probes.Select(probe => lab.Packets.ReachesAsync(probe, stop)));
        return [.. probes.Where((probe, index) => probe.Allowed != reached[index])];
    }
}
