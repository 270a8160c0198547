using System.Diagnostics;
using Margay.Tests;

namespace Margay.Install.Tests;

/// <summary>Runs programs in the repository's folder.</summary>
internal static class Shell
{
    /// <summary>Runs one; its exit code and both its outputs.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = RepositoryFolder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
