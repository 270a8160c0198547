using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace Margay.Mutation.Tests;

/// <summary>
/// The check itself, run by <c>eng/mutate</c> and not by <c>./test</c>: it takes long. Results are kept in
/// <c>artifacts/mutation/results.txt</c>; a mutant that was caught is not tried again until it or its file changes.
/// </summary>
public sealed class MutationRun
{
    private static readonly string _results = Path.Combine(Mutant.Root, "artifacts", "mutation", "results.txt");
    private readonly Lock _writing = new();

    [Fact(Explicit = true)]
    public async Task Every_mutant_is_caught_by_a_test()
    {
        var stop = TestContext.Current.CancellationToken;
        string only = Environment.GetEnvironmentVariable("MARGAY_MUTANTS") ?? "";
        var mutants = Mutant.ReadAll().Where(m => only.Length == 0 || only.Split(',').Contains(m.Id)).ToList();
        Directory.CreateDirectory(Path.GetDirectoryName(_results)!);
        var keys = mutants.ToDictionary(m => m, Key); // before the copy is made: sources may change while this runs
        string[] known = File.Exists(_results) ? await File.ReadAllLinesAsync(_results, stop) : [];
        var open = mutants.FindAll(m => !known.Any(line => line.StartsWith($"{Fate.Caught} {keys[m]} {m.Id}:", StringComparison.Ordinal)));
        var others = open.Count > 0 ? await TryAllAsync(open, keys, stop) : [];
        TestContext.Current.TestOutputHelper?.WriteLine($"{mutants.Count - others.Count} of {mutants.Count} mutants caught, {mutants.Count - open.Count} of them before");
        Assert.True(others.Count == 0, $"not caught:\n{string.Join('\n', others)}");
    }

    /// <summary>Tries them side by side; those that were not caught.</summary>
    private async Task<IReadOnlyCollection<string>> TryAllAsync(List<Mutant> mutants, Dictionary<Mutant, string> keys, CancellationToken stop)
    {
        var workshop = new Workshop();
        await workshop.OpenAsync(mutants, stop);
        var queue = new ConcurrentQueue<Mutant>(mutants);
        var others = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(1, Benches).Select(n => Task.Run(() => WorkAsync(workshop.NewBench($"bench-{n}")), stop)));
        return others;

        async Task WorkAsync(Bench bench)
        {
            while (queue.TryDequeue(out var mutant))
            {
                var outcome = await workshop.TryAsync(bench, mutant, stop);
                lock (_writing) File.AppendAllText(_results, $"{outcome.Fate} {keys[mutant]} {mutant.Id}: {outcome.Evidence}\n");
                if (outcome.Fate != Fate.Caught) others.Add($"{outcome.Fate}: {mutant}; {outcome.Evidence}");
            }
        }
    }

    /// <summary>How many mutants are tried at a time: <c>MARGAY_MUTATION_BENCHES</c>, or one for two processors.</summary>
    private static int Benches =>
        int.TryParse(Environment.GetEnvironmentVariable("MARGAY_MUTATION_BENCHES"), NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0
            ? n
            : Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Changes with the mutant and with the file that it breaks.</summary>
    private static string Key(Mutant mutant)
    {
        string source = File.ReadAllText(Path.Combine(Mutant.Root, mutant.File));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mutant.Find}\0{mutant.Replace}\0{source}")).AsSpan(0, 8));
    }
}
