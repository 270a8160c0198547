using System.ComponentModel;
using System.Diagnostics;

namespace Margay.Lab.Processes;

/// <summary>What a program that ended left behind.</summary>
internal readonly record struct CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs programs to their end.</summary>
internal static class Command
{
    /// <summary>Runs a program and returns its output; any exit code other than 0 is a failure.</summary>
    public static async Task<string> RequireAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken stop, string? input = null)
    {
        var result = await RunAsync(program, arguments, stop, input);
        if (result.ExitCode == 0) return result.Output;
        string said = (result.Error.Length > 0 ? result.Error : result.Output).Trim();
        throw new LabException($"{program} {string.Join(' ', arguments)}: exit code {result.ExitCode}: {said}");
    }

    /// <summary>Runs a program and returns what it left behind, whatever its exit code.</summary>
    public static async Task<CommandResult> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        CancellationToken stop,
        string? input = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var error = process.StandardError.ReadToEndAsync(stop);
            await FeedAsync(process, input, stop);
            await process.WaitForExitAsync(stop);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs a program on the caller's terminal.</summary>
    public static async Task<int> InteractiveAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        using var process = Start(new ProcessStartInfo(program, arguments));
        await process.WaitForExitAsync(stop);
        return process.ExitCode;
    }

    internal static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new LabException($"{start.FileName} cannot be started: {failure.Message}", cause: failure);
        }
    }

    private static async Task FeedAsync(Process process, string? input, CancellationToken stop)
    {
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input.AsMemory(), stop);
            process.StandardInput.Close();
        }
        catch (IOException failure)
        {
            // The program ended without reading; its exit code and its words say why, better than the broken pipe does.
            Debug.WriteLine(failure.Message);
        }
    }
}
