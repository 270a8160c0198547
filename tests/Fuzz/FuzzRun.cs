using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Margay.Tests;
using Xunit;

namespace Margay.Fuzz.Tests;

/// <summary>
/// Runs a parser on the kept corpus, then on changed inputs for a while, keeping those that reach new branches. Fails on the first
/// input that throws what it must not, takes too many steps or too much memory.
/// </summary>
/// <remarks>
/// MARGAY_FUZZ_SECONDS: how long, 60 unless given. MARGAY_FUZZ_SEED chooses the run: 1 unless given,
/// so that everybody's is alike; 0 takes one that nobody has had. MARGAY_FUZZ_KEEP=1 writes new inputs to
/// <c>tests/Fuzz/corpus</c>.
/// </remarks>
internal sealed class FuzzRun(string name, string[] words, Action<string> target)
{
    private const int MaxCorpus = 4000;

    /// <summary>Branches that an input may take: a multiple of its length. Parsers are linear, validation nearly.</summary>
    public long StepsPerCharacter { get; init; } = 2_000;

    /// <summary>Bytes that an input may allocate, per character.</summary>
    public long BytesPerCharacter { get; init; } = 20_000;

    /// <summary>How long inputs may grow, in characters.</summary>
    public int MaxLength { get; init; } = 4096;

    private readonly Coverage _coverage = new();

    public void Start()
    {
        int seed = Setting("MARGAY_FUZZ_SEED", 1);
        if (seed == 0) seed = Environment.TickCount & 0xffffff;
        var time = TimeSpan.FromSeconds(Setting("MARGAY_FUZZ_SECONDS", 60));
        var random = new Random(seed);
        var mutator = new Mutator(random, words, MaxLength);
        var corpus = new List<string>(Kept().Concat(words).Append(""));
        foreach (string input in corpus) Try(input, seed);

        long inputs = 0;
        int kept = corpus.Count;
        // Elapsed time only says when to stop; it decides nothing.
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time && !TestContext.Current.CancellationToken.IsCancellationRequested; inputs++)
        {
            // New inputs are changed more often than old ones.
            string from = corpus[random.Next(2) == 0 ? random.Next(corpus.Count) : corpus.Count - 1 - random.Next(Math.Min(corpus.Count, 64))];
            string input = mutator.Change(from, corpus[random.Next(corpus.Count)]);
            if (Try(input, seed) && corpus.Count < MaxCorpus) corpus.Add(input);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {inputs} inputs, {corpus.Count} kept, {_coverage.Reached} edges, seed {seed}");
        if (Environment.GetEnvironmentVariable("MARGAY_FUZZ_KEEP") == "1") Keep(corpus.Skip(kept));
    }

    private bool Try(string input, int seed)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            bool news = _coverage.Run(() => target(input), 200_000 + (StepsPerCharacter * input.Length));
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            long most = 4_000_000 + (BytesPerCharacter * input.Length);
            if (allocated > most) throw new InvalidOperationException($"{allocated} bytes allocated for {input.Length} characters");
            return news;
        }
        catch (Exception error)
        {
            Assert.Fail($"{name}, seed {seed}: {error.GetType().Name}: {error.Message}\ninput: {Quote(input)}\n{error.StackTrace}");
            return false;
        }
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            quoted.Append(c is '"' or '\\' ? $"\\{c}" : c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}");
        return quoted.Append('"').ToString();
    }

    private static int Setting(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : otherwise;

    /// <summary>The kept corpus: a JSON string per line.</summary>
    private List<string> Kept() => File.Exists(Corpus) ? [.. File.ReadLines(Corpus).Select(line => JsonNode.Parse(line)!.GetValue<string>())] : [];

    private void Keep(IEnumerable<string> inputs) => File.WriteAllLines(
        Corpus, Kept().Concat(inputs.Where(i => i.Length < 400 && !i.Contains('\ud800', StringComparison.Ordinal)).Take(150)).Select(i => JsonValue.Create(i).ToJsonString()));

    private string Corpus => RepositoryFolder.In("tests", "Fuzz", "corpus", $"{name}.jsonl");
}
