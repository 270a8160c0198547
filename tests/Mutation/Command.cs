using System.Diagnostics;

namespace Margay.Mutation.Tests;

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code; null when it was stopped for a limit.</param>
/// <param name="Output">What it wrote, errors after the rest.</param>
/// <param name="Processor">The processor time that it used, children not counted; of a stopped one, up to the last look.</param>
/// <param name="Spun">It was stopped since it used too much processor time, which does not depend on how busy the machine is.</param>
internal readonly record struct Ended(int? Code, string Output, TimeSpan Processor, bool Spun);

/// <summary>Runs programs with limits of two kinds: what is meant (processor time) and what saves a night (the clock).</summary>
internal static class Command
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs a program to its end, or to a limit.</summary>
    public static async Task<Ended> RunAsync(string program, IEnumerable<string> arguments, string folder, TimeSpan clock, TimeSpan processor, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var used = TimeSpan.Zero;
        var watch = Stopwatch.StartNew();
        try
        {
            var exit = process.WaitForExitAsync(stop);
            while (await Task.WhenAny(exit, Task.Delay(_look, stop)) != exit)
            {
                stop.ThrowIfCancellationRequested();
                used = Used(process) ?? used;
                if (used > processor || watch.Elapsed > clock) return await StoppedAsync();
            }
            await exit;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        return new Ended(process.ExitCode, await output + await errors, used, Spun: false);

        async Task<Ended> StoppedAsync()
        {
            process.Kill(entireProcessTree: true);
            return new Ended(null, await output + await errors, used, used > processor);
        }
    }

    private static TimeSpan? Used(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (InvalidOperationException)
        {
            return null; // it ended meanwhile
        }
    }
}
