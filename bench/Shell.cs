using System.Diagnostics;

namespace Margay.Bench;

/// <summary>Runs the programs that a benchmark compares with or builds its scene from.</summary>
internal static class Shell
{
    /// <summary>Runs a command to its end; a failure carries what it printed.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit {process.ExitCode}: {error.Result}{output}");
    }

    /// <summary>Runs this program again with other arguments inside a network namespace of its own, and prints what it prints.</summary>
    public static void RunAgainInNamespace(string space, params string[] arguments)
    {
        // One that an interrupted run left behind.
        if (File.Exists("/run/netns/" + space)) Run("ip", "netns", "del", space);
        Run("ip", "netns", "add", space);
        try
        {
            Console.Write(Run("ip", ["netns", "exec", space, Environment.ProcessPath!, .. arguments]));
        }
        finally
        {
            Run("ip", "netns", "del", space);
        }
    }

    /// <summary>Runs every line of a script as one command, words separated by blanks.</summary>
    public static void Script(string lines)
    {
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Run(words[0], words[1..]);
        }
    }

    /// <summary>Starts a command and leaves it running.</summary>
    public static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException($"{program} did not start.");
}
