using System.Diagnostics;

namespace Margay.Mutation.Tests;

/// <summary>What became of a mutant.</summary>
internal enum Fate
{
    /// <summary>A test failed, or the tests did not end.</summary>
    Caught,

    /// <summary>Every test passed.</summary>
    Missed,

    /// <summary>It does not compile, so it shows nothing.</summary>
    DoesNotCompile,
}

/// <summary>A copy of the sources in which one piece at a time is broken, the one library built, and the tests of policy run.</summary>
internal sealed class Workshop
{
    private static readonly string[] _tested = ["tests/Policy"];
    private readonly string _tree = Path.Combine(Mutant.Root, "artifacts", "mutation", "tree");

    /// <summary>The libraries as they are when nothing is broken.</summary>
    private string Sound => Path.Combine(_tree, "sound");

    private string Tests => Path.Combine(_tree, "artifacts", "bin", "Margay.Policy.Tests", "debug");

    /// <summary>Copies the sources and builds the tests once.</summary>
    public async Task OpenAsync(CancellationToken stop)
    {
        if (Directory.Exists(_tree)) Directory.Delete(_tree, recursive: true);
        foreach (string folder in (string[])["src/Foundation", "src/Model", "src/Dataplane/Contract", "src/Policy", .. _tested])
            Copy(new DirectoryInfo(Path.Combine(Mutant.Root, folder)), Path.Combine(_tree, folder));
        Directory.CreateDirectory(Path.Combine(_tree, "eng"));
        foreach (string file in Directory.GetFiles(Path.Combine(Mutant.Root, "eng"), "*.targets")) File.Copy(file, Path.Combine(_tree, "eng", Path.GetFileName(file)));
        foreach (string file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig", "Margay.slnx"])
            if (File.Exists(Path.Combine(Mutant.Root, file))) File.Copy(Path.Combine(Mutant.Root, file), Path.Combine(_tree, file));
        if (await RunAsync("dotnet", $"build tests/Policy {Quick}", TimeSpan.FromMinutes(10), stop) != 0)
            throw new InvalidOperationException($"The sources do not build in {_tree}; see {LogFile}.");
        Directory.CreateDirectory(Sound);
        foreach (string library in Directory.GetFiles(Tests, "Margay.*.dll")) File.Copy(library, Path.Combine(Sound, Path.GetFileName(library)));
        if (await TestAsync("", stop) != 0) throw new InvalidOperationException($"The tests fail before anything is broken; see {LogFile}.");
    }

    /// <summary>Breaks one piece, and mends it again.</summary>
    public async Task<Fate> TryAsync(Mutant mutant, CancellationToken stop)
    {
        string path = Path.Combine(_tree, mutant.File);
        string sound = await File.ReadAllTextAsync(path, stop);
        string broken = mutant.Apply(sound) ?? throw new InvalidOperationException($"{mutant.Id} does not apply any more.");
        try
        {
            await File.WriteAllTextAsync(path, broken, stop);
            if (await BuildAsync(path, stop) != 0) return Fate.DoesNotCompile;
            // The random questions find most of them within a second.
            if (await TestAsync("-class *Twin.TwinProperties", stop) != 0 || await TestAsync("-class- *Twin.TwinProperties", stop) != 0) return Fate.Caught;
            return Fate.Missed;
        }
        finally
        {
            await File.WriteAllTextAsync(path, sound, CancellationToken.None);
            Copy(new DirectoryInfo(Sound), Tests);
        }
    }

    private string LogFile => Path.Combine(Path.GetDirectoryName(_tree)!, "last.log");

    private const string Quick = "-v quiet --nologo -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:EnforceCodeStyleInBuild=false -p:GenerateDocumentationFile=false";

    /// <summary>Only the library that holds the file; its public face has not changed.</summary>
    private async Task<int> BuildAsync(string path, CancellationToken stop)
    {
        string folder = Path.GetDirectoryName(path)!;
        string[] projects;
        while ((projects = Directory.GetFiles(folder, "*.csproj")).Length == 0) folder = Path.GetDirectoryName(folder)!;
        int code = await RunAsync("dotnet", $"build {projects[0]} --no-restore --no-dependencies {Quick}", TimeSpan.FromMinutes(5), stop);
        string library = Path.GetFileNameWithoutExtension(projects[0]);
        if (code == 0) File.Copy(Path.Combine(_tree, "artifacts", "bin", library, "debug", $"{library}.dll"), Path.Combine(Tests, $"{library}.dll"), overwrite: true);
        return code;
    }

    private Task<int> TestAsync(string filter, CancellationToken stop) =>
        RunAsync(Path.Combine(Tests, "Margay.Policy.Tests"), $"{filter} -stopOnFail", TimeSpan.FromMinutes(6), stop);

    /// <summary>Runs a program; what does not end in time has failed.</summary>
    private async Task<int> RunAsync(string program, string arguments, TimeSpan most, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _tree, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(most);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return -1;
        }
        await File.WriteAllTextAsync(LogFile, await output + await errors, stop);
        return process.ExitCode;
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.GetFiles()) file.CopyTo(Path.Combine(to, file.Name), overwrite: true);
        foreach (var folder in from.GetDirectories())
            if (folder.Name is not ("bin" or "obj")) Copy(folder, Path.Combine(to, folder.Name));
    }
}
