using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Margay.Bench.Policy.Graph;

/// <summary>Runs graph cases, each in a process of its own, and prints the medians beside the peer's figures.</summary>
internal static class GraphFigures
{
    /// <summary>One case in this process: a line of numbers for <see cref="RunAll"/>, and the phases on standard error.</summary>
    public static int RunCase(string name)
    {
        var @case = GraphCases.All.Single(c => c.Name == name);
        var input = @case.Create();
        var run = new GraphRun(input);
        // A node has the cryptographic library loaded for TLS long before it knows a policy; the ids of sets are digests.
        SHA256.HashData([]);
        GC.Collect();
        double inputsMiB = Measure.PeakMiB();
        var pauses = GC.GetTotalPauseDuration();
        var (wall, cpu) = Measure.Time(run.Run);
        pauses = GC.GetTotalPauseDuration() - pauses;
        double peak = Measure.PeakMiB();
        if (run.Counts != @case.Expected)
        {
            Console.Error.WriteLine($"{name}: {run.Counts} where {@case.Expected} was expected");
            return 1;
        }
        var (floorWall, floorCpu) = Measure.Time(() => GC.KeepAlive(Floor.Run(input)));
        foreach (var (phase, ms, bytes) in run.Phases) Console.Error.WriteLine($"  {phase,-20} {ms,8:F1} ms {bytes / 1048576.0,8:F1} MiB allocated");
        Console.Error.WriteLine($"  {run.Counts}, {run.Removals} removals, pauses {pauses.TotalMilliseconds:F0} ms, inputs {inputsMiB:F0} MiB, collections {GC.CollectionCount(0)}/{GC.CollectionCount(1)}/{GC.CollectionCount(2)}");
        input = null;
        double live = Measure.LiveHeap() / 1048576.0;
        GC.KeepAlive(run.Keep);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{wall:F2} {cpu:F2} {floorWall:F2} {floorCpu:F2} {peak:F1} {live:F1}"));
        return 0;
    }

    /// <summary>One case whose inputs are never all there at once: peak and live MiB.</summary>
    public static int RunStreamed(string name)
    {
        var @case = GraphCases.All.Single(c => c.Name == name);
        var input = @case.Stream!();
        var run = new GraphRun(input);
        SHA256.HashData([]);
        GC.Collect();
        run.RunStreamed(input.Streamed!);
        double peak = Measure.PeakMiB();
        if (run.Counts != @case.Expected)
        {
            Console.Error.WriteLine($"{name}: {run.Counts} where {@case.Expected} was expected");
            return 1;
        }
        double live = Measure.LiveHeap() / 1048576.0;
        GC.KeepAlive(run.Keep);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{peak:F1} {live:F1}"));
        return 0;
    }

    /// <summary>Bytes of live heap for each remote endpoint, inputs not counted.</summary>
    public static int RunHeap(string name)
    {
        var @case = GraphCases.All.Single(c => c.Name == name);
        var input = @case.Create();
        int count = input.Remote.Length;
        input.Remote = [];
        long without = 0;
        var run = new GraphRun(input);
        run.RunWithout(
            () =>
            {
                without = Measure.LiveHeap();
                input.Remote = @case.Create().Remote;
            },
            () =>
            {
                input.Remote = [];
                long with = Measure.LiveHeap();
                Console.WriteLine($"{name}: {(double)(with - without) / count:F0} bytes of live heap for each of {count} remote endpoints");
            });
        return 0;
    }

    /// <summary>
    /// Cases in fresh processes; the medians of <paramref name="runs"/>. Everything happens on one thread, so on an idle machine the
    /// processor's seconds are the wall's; they are what is compared.
    /// </summary>
    public static int RunAll(int runs, IReadOnlyList<string> names)
    {
        Console.WriteLine("| case | processor s | wall s | Felix s | faster by | of the floor | peak MiB | Felix MiB | share | streamed MiB | share | live MiB |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        int failed = 0;
        foreach (var @case in GraphCases.All)
        {
            if (names.Count > 0 && !names.Contains(@case.Name)) continue;
            var lines = new List<double[]>();
            for (int i = 0; i < runs; i++)
                if (RunChild("graph", @case.Name) is { } line) lines.Add(line);
                else failed++;
            if (lines.Count == 0) continue;
            double[] m = [.. Enumerable.Range(0, lines[0].Length).Select(i => Median(lines.Select(l => l[i])))];
            double ratio = Median(lines.Select(l => l[1] / l[3]));
            string peer = @case.PeerSeconds is { } seconds
                ? $"{seconds} | {seconds * 1000 / m[1]:F1}x | {ratio:F1}x | {m[4]:F0} | {@case.PeerMiB} | {m[4] / @case.PeerMiB!.Value:P0}"
                : $"- | - | {ratio:F1}x | {m[4]:F0} | - | -";
            double[]? streamed = @case.Stream is null ? null : RunChild("stream", @case.Name);
            string pieces = streamed is null ? "- | -" : $"{streamed[0]:F0} | {(@case.PeerMiB is { } mib ? (streamed[0] / mib).ToString("P0", CultureInfo.InvariantCulture) : "-")}";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {@case.Name} | {m[1] / 1000:F3} | {m[0] / 1000:F3} | {peer} | {pieces} | {streamed?[1] ?? m[5]:F1} |"));
        }
        return failed == 0 ? 0 : 1;
    }

    private static double[]? RunChild(string command, string name)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [command, name]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0) return [.. output.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
        Console.Error.WriteLine($"{name}: exit {process.ExitCode}: {error.GetAwaiter().GetResult()}");
        return null;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
