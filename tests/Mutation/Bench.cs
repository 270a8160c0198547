namespace Margay.Mutation.Tests;

/// <summary>A copy of the built tests, in which libraries are exchanged and the tests run; several work side by side.</summary>
/// <param name="folder">Where the tests are; named as the build names it, since the tests look for the solution above.</param>
/// <param name="sound">The libraries as they are when nothing is broken.</param>
internal sealed class Bench(string folder, string sound)
{
    /// <summary>What finds most comes first: cases in a second or two, then random questions to the twins, then the rest.</summary>
    private static readonly string[][] _stages =
    [
        ["-class-", "*Properties", "-class-", "*EventSequences", "-class-", "*DocumentationTests"],
        ["-class", "*TwinProperties", "-class", "*DocumentationTests"],
        ["-class", "*Properties", "-class", "*EventSequences", "-class-", "*TwinProperties"],
    ];

    /// <summary>Where the libraries of the tests are.</summary>
    public string Folder => folder;

    /// <summary>Runs all tests on what is there; for how much processor time they need.</summary>
    public Task<Ended> RunAllAsync(CancellationToken stop) => RunAsync([], TimeSpan.MaxValue, stop);

    /// <summary>Breaks one piece, runs the tests until one fails, and mends it again.</summary>
    /// <param name="mutant">What to break.</param>
    /// <param name="tree">The copy of the sources.</param>
    /// <param name="library">The library that the source belongs to.</param>
    /// <param name="most">Processor time after which tests are taken for endless.</param>
    /// <param name="stop">Ends the attempt without an outcome.</param>
    public async Task<Outcome> TryAsync(Mutant mutant, string tree, Library library, TimeSpan most, CancellationToken stop)
    {
        string source = Path.Combine(tree, mutant.File);
        string broken = Path.Combine(folder, "Broken.cs");
        string text = mutant.Apply(await File.ReadAllTextAsync(source, stop)) ?? throw new InvalidOperationException($"{mutant.Id} does not apply any more.");
        await File.WriteAllTextAsync(broken, text, stop);
        string name = $"{library.Name}.dll";
        try
        {
            if (await library.CompileAsync(source, broken, Path.Combine(folder, name), stop) is { } refused) return refused;
            return await TestAsync(most, stop);
        }
        finally
        {
            File.Copy(Path.Combine(sound, name), Path.Combine(folder, name), overwrite: true);
        }
    }

    private async Task<Outcome> TestAsync(TimeSpan most, CancellationToken stop)
    {
        foreach (string[] stage in _stages)
        {
            var ended = await RunAsync(stage, most, stop);
            if (ended.Spun) return new Outcome(Fate.Caught, $"endless: stopped after {ended.Processor.TotalSeconds:0} s of processor time");
            string? failed = ended.Output.Split('\n').FirstOrDefault(l => l.TrimEnd().EndsWith("[FAIL]", StringComparison.Ordinal));
            if (failed is not null) return new Outcome(Fate.Caught, failed.Trim().Replace(" [FAIL]", "", StringComparison.Ordinal));
            if (ended.Output.Contains("Stack overflow", StringComparison.Ordinal)) return new Outcome(Fate.Caught, "stack overflow");
            if (ended.Code != 0) return new Outcome(Fate.NoAnswer, $"the tests ended with {ended.Code?.ToString() ?? "their time"} and name none that failed");
        }
        return new Outcome(Fate.Missed, "every test passed");
    }

    private Task<Ended> RunAsync(string[] filter, TimeSpan most, CancellationToken stop) =>
        Command.RunAsync(Path.Combine(folder, Workshop.TestProject), [.. filter, "-stopOnFail", "-noColor"], folder, TimeSpan.FromHours(1), most, stop);
}
