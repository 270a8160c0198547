using Xunit;

namespace Margay.Mutation.Tests;

public sealed class MutantsTests
{
    [Fact]
    public void Every_mutant_still_applies()
    {
        var stale = new List<string>();
        foreach (var mutant in Mutant.ReadAll())
        {
            string path = Path.Combine(Mutant.Root, mutant.File);
            if (!File.Exists(path) || mutant.Apply(File.ReadAllText(path)) is null) stale.Add($"{mutant.Id}: in {mutant.File} there is not exactly once: {mutant.Find}");
        }
        Assert.True(stale.Count == 0, $"tests/Mutation/mutants.yaml must follow the sources:\n{string.Join('\n', stale)}");
    }

    [Fact]
    public void There_are_enough_mutants_and_each_says_why()
    {
        var mutants = Mutant.ReadAll();
        Assert.InRange(mutants.Count, 60, int.MaxValue);
        Assert.Equal(mutants.Count, mutants.Select(m => m.Id).Distinct().Count());
        Assert.All(mutants, m => Assert.True(m.Why.Length > 0 && m.Find != m.Replace, m.Id));
    }
}
