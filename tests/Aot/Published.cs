using System.Diagnostics;
using Margay.Tests;

namespace Margay.Aot.Tests;

/// <summary>The programs as they ship: what eng/publish left in artifacts/dist, or made now.</summary>
internal static class Published
{
    /// <summary>The path of a published program; publishing takes minutes, once.</summary>
    /// <param name="app">The folder under src/Apps.</param>
    /// <param name="program">The file.</param>
    public static string Find(string app, string program)
    {
        string root = RepositoryFolder.Path;
        string output = Path.Combine(root, "artifacts", "dist");
        string path = Path.Combine(output, program);
        if (!File.Exists(path))
            Run("dotnet", null, "publish", Path.Combine(root, "src", "Apps", app), "-c", "Release", "-r", "linux-x64", "-o", output, "-v", "quiet", "--nologo");
        return path;
    }

    public static (int Exit, string Output) Run(string program, IReadOnlyDictionary<string, string>? variables, params string[] arguments) =>
        RunWith("", program, variables, arguments);

    /// <summary>The repository's folder.</summary>
    public static string Repository => RepositoryFolder.Path;

    /// <summary>Runs a command in a folder; the output has what it says on standard error too.</summary>
    public static async Task<(int Exit, string Output)> RunInAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    public static (int Exit, string Output) RunWith(string input, string program, IReadOnlyDictionary<string, string>? variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
