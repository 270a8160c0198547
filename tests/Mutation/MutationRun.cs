using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Margay.Mutation.Tests;

/// <summary>
/// The check itself, run by <c>eng/mutate</c> and not by <c>./test</c>: it takes most of an hour. Results are kept in
/// <c>artifacts/mutation/results.txt</c>; a mutant that was caught is not tried again until it or its file changes.
/// </summary>
public sealed class MutationRun
{
    private static readonly string _results = Path.Combine(Mutant.Root, "artifacts", "mutation", "results.txt");

    [Fact(Explicit = true)]
    public async Task Every_mutant_is_caught_by_a_test()
    {
        var stop = TestContext.Current.CancellationToken;
        string only = Environment.GetEnvironmentVariable("MARGAY_MUTANTS") ?? "";
        var mutants = Mutant.ReadAll().Where(m => only.Length == 0 || only.Split(',').Contains(m.Id)).ToList();
        Directory.CreateDirectory(Path.GetDirectoryName(_results)!);
        var known = File.Exists(_results) ? (await File.ReadAllLinesAsync(_results, stop)).ToHashSet() : [];
        var open = mutants.FindAll(m => !known.Contains($"{Fate.Caught} {Key(m)} {m.Id}"));
        var missed = new List<Mutant>();
        if (open.Count > 0)
        {
            var workshop = new Workshop();
            await workshop.OpenAsync(stop);
            foreach (var mutant in open)
            {
                var fate = await workshop.TryAsync(mutant, stop);
                await File.AppendAllTextAsync(_results, $"{fate} {Key(mutant)} {mutant.Id}\n", stop);
                if (fate != Fate.Caught) missed.Add(mutant);
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{mutants.Count - missed.Count} of {mutants.Count} mutants caught, {mutants.Count - open.Count} of them before");
        Assert.True(missed.Count == 0, $"not caught:\n{string.Join('\n', missed)}");
    }

    /// <summary>Changes with the mutant and with the file that it breaks.</summary>
    private static string Key(Mutant mutant)
    {
        string source = File.ReadAllText(Path.Combine(Mutant.Root, mutant.File));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mutant.Find}\0{mutant.Replace}\0{source}")).AsSpan(0, 8));
    }
}
