using System.Diagnostics;

namespace Margay.Kernel.Tests.Harness;

/// <summary>Runs a program to its end; the tests look at the kernel with the tools that people use.</summary>
internal static class Command
{
    public static string Run(string program, params string[] arguments)
    {
        var (code, output, error) = Try(program, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: exit {code}: {error}{output}");
    }

    public static (int Code, string Output, string Error) Try(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
