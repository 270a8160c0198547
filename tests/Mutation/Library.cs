using System.Text.Json.Nodes;

namespace Margay.Mutation.Tests;

/// <summary>
/// One library of the sources and how the build compiles it: the compiler's arguments, taken from the build once. With them a
/// variant costs one call of the compiler, in its server, and no build.
/// </summary>
internal sealed class Library
{
    private static readonly string[] _dropped = ["/out:", "/refout:", "/doc:", "/warnaserror", "/noconfig"];
    private readonly string _compiler;
    private readonly string _folder;
    private readonly IReadOnlyList<string> _arguments;

    private Library(string project, string compiler, IReadOnlyList<string> arguments)
    {
        _folder = Path.GetDirectoryName(project)!;
        _compiler = compiler;
        _arguments = arguments;
        Name = Path.GetFileNameWithoutExtension(project);
    }

    /// <summary>The assembly's name.</summary>
    public string Name { get; }

    /// <summary>The project that a source belongs to.</summary>
    public static string ProjectOf(string source)
    {
        string folder = Path.GetDirectoryName(source)!;
        string[] projects;
        while ((projects = Directory.GetFiles(folder, "*.csproj")).Length == 0) folder = Path.GetDirectoryName(folder)!;
        return projects[0];
    }

    /// <summary>Asks the build how it compiles a project that is built already. Source generators stay, analysers do not.</summary>
    public static async Task<Library> RecordAsync(string project, CancellationToken stop)
    {
        string[] ask =
        [
            "msbuild", project, "-nologo", "-t:Compile", "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true",
            "-p:NonExistentFile=always", "-p:BuildProjectReferences=false", "-getItem:CscCommandLineArgs", "-getProperty:RoslynTargetsPath",
        ];
        var ended = await Command.RunAsync("dotnet", ask, Path.GetDirectoryName(project)!, TimeSpan.FromMinutes(10), TimeSpan.MaxValue, stop);
        if (ended.Code != 0) throw new InvalidOperationException($"{project} does not say how it is compiled: {ended.Output}");
        var answer = JsonNode.Parse(ended.Output)!;
        var arguments = answer["Items"]!["CscCommandLineArgs"]!.AsArray().Select(a => a!["Identity"]!.GetValue<string>());
        string compiler = Path.Combine(answer["Properties"]!["RoslynTargetsPath"]!.GetValue<string>(), "bincore", "csc");
        return new Library(project, compiler, [.. arguments.Where(a => !_dropped.Any(d => a.StartsWith(d, StringComparison.Ordinal)))]);
    }

    /// <summary>Compiles it, with <paramref name="broken"/> in the place of <paramref name="source"/>. Null when it compiled.</summary>
    public async Task<Outcome?> CompileAsync(string? source, string? broken, string into, CancellationToken stop)
    {
        string Replaced(string argument) => source is not null && Path.GetFullPath(argument, _folder) == source ? broken! : argument;
        string response = Path.ChangeExtension(into, ".rsp");
        var lines = _arguments.Select(Replaced).Append("/skipanalyzers+").Append($"/out:{into}");
        await File.WriteAllLinesAsync(response, lines.Select(Quoted), stop);
        // The server ends by itself a minute after the last call.
        string[] call = ["-shared:margay-mutation", "-keepalive:60", "-noconfig", "-nologo", $"@{response}"];
        var ended = await Command.RunAsync(_compiler, call, _folder, TimeSpan.FromMinutes(10), TimeSpan.MaxValue, stop);
        if (ended.Code == 0) return null;
        string? error = ended.Output.Split('\n').FirstOrDefault(l => l.Contains("error CS", StringComparison.Ordinal));
        return error is null
            ? new Outcome(Fate.NoAnswer, $"the compiler ended with {ended.Code?.ToString() ?? "its time"}")
            : new Outcome(Fate.DoesNotCompile, error.Trim());
    }

    private static string Quoted(string argument) =>
        argument.Contains(' ', StringComparison.Ordinal) && !argument.Contains('"', StringComparison.Ordinal) ? $"\"{argument}\"" : argument;
}
