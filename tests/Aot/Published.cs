using System.Diagnostics;

namespace Margay.Aot.Tests;

/// <summary>The programs as they ship: what eng/publish left in artifacts/dist, or made now.</summary>
internal static class Published
{
    /// <summary>The path of a published program; publishing takes minutes, once.</summary>
    /// <param name="app">The folder under src/Apps.</param>
    /// <param name="program">The file.</param>
    public static string Find(string app, string program)
    {
        string root = Root();
        string output = Path.Combine(root, "artifacts", "dist");
        string path = Path.Combine(output, program);
        if (!File.Exists(path))
            Run("dotnet", null, "publish", Path.Combine(root, "src", "Apps", app), "-c", "Release", "-r", "linux-x64", "-o", output, "-v", "quiet", "--nologo");
        return path;
    }

    public static (int Exit, string Output) Run(string program, IReadOnlyDictionary<string, string>? variables, params string[] arguments) =>
        RunWith("", program, variables, arguments);

    /// <summary>The repository's folder.</summary>
    public static string Repository => Root();

    /// <summary>Runs a command in a folder; the output has what it says on standard error too.</summary>
    public static (int Exit, string Output) RunIn(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.GetAwaiter().GetResult());
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

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Margay.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository.");
    }
}
