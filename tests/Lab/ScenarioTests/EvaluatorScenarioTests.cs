namespace Margay.Lab.Tests.ScenarioTests;

public sealed class EvaluatorScenarioTests
{
    public static TheoryData<string> Files => [.. Scenario.Files()];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_evaluator_gives_the_verdicts_of_the_scenario(string file)
    {
        var scenario = Scenario.Load(file);
        var world = new EvaluatedWorld(scenario);

        Assert.Empty(world.Problems);
        Assert.All(scenario.Probes, probe => Assert.True(world.Allows(probe) == probe.Allowed, $"{scenario.Name}: {probe} should be {(probe.Allowed ? "allowed" : "denied")}"));
    }

    [Fact]
    public void There_are_scenarios_enough_and_each_says_something_else() =>
        Assert.True(Scenario.Files().Select(Scenario.Load).Select(scenario => scenario.Name).Distinct().Count() >= 40);
}
