namespace Margay.Mutation.Tests;

/// <summary>A copy of the sources with the tests of policy built once, and benches at which one piece at a time is broken.</summary>
internal sealed class Workshop
{
    /// <summary>The project whose tests must notice.</summary>
    public const string TestProject = "Margay.Policy.Tests";

    private const string Quick = "-p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:EnforceCodeStyleInBuild=false -p:GenerateDocumentationFile=false";
    private readonly string _tree = Path.Combine(Mutant.Root, "artifacts", "mutation", "tree");
    private readonly Dictionary<string, Library> _libraries = [];
    private TimeSpan _needed;

    private string Sound => Path.Combine(_tree, "sound");

    /// <summary>Copies the sources, builds the tests, compiles each library as mutants will be, and sees that all tests pass.</summary>
    public async Task OpenAsync(IReadOnlyCollection<Mutant> mutants, CancellationToken stop)
    {
        if (Directory.Exists(_tree)) Directory.Delete(_tree, recursive: true);
        CopySources();
        string[] build = ["build", "tests/Policy", "-v", "quiet", "--nologo", .. Quick.Split(' ')];
        var built = await Command.RunAsync("dotnet", build, _tree, TimeSpan.FromHours(1), TimeSpan.MaxValue, stop);
        if (built.Code != 0) throw new InvalidOperationException($"The sources do not build in {_tree}: {built.Output}");
        Directory.CreateDirectory(Sound);
        foreach (string project in mutants.Select(m => Library.ProjectOf(Path.Combine(_tree, m.File))).Distinct())
        {
            var library = await Library.RecordAsync(project, stop);
            string assembly = Path.Combine(Sound, $"{library.Name}.dll");
            if (await library.CompileAsync(null, null, assembly, stop) is { } refused) throw new InvalidOperationException($"{library.Name} does not compile unbroken: {refused.Evidence}");
            _libraries.Add(project, library);
        }
        var all = await NewBench("sound-tests").RunAllAsync(stop);
        if (all.Code != 0) throw new InvalidOperationException($"The tests fail before anything is broken: {all.Output}");
        _needed = all.Processor;
    }

    /// <summary>A place to try mutants at, with the sound libraries.</summary>
    public Bench NewBench(string name)
    {
        string folder = Path.Combine(_tree, "benches", name);
        Copy(new DirectoryInfo(Path.Combine(_tree, "artifacts", "bin", TestProject, "debug")), folder);
        Copy(new DirectoryInfo(Sound), folder);
        return new Bench(folder, Sound);
    }

    /// <summary>What becomes of a mutant. Tests that use five times what they need have met an endless loop.</summary>
    public Task<Outcome> TryAsync(Bench bench, Mutant mutant, CancellationToken stop) =>
        bench.TryAsync(mutant, _tree, _libraries[Library.ProjectOf(Path.Combine(_tree, mutant.File))], _needed * 5, stop);

    private void CopySources()
    {
        foreach (string folder in (string[])["src/Foundation", "src/Model", "src/Dataplane/Contract", "src/Policy", "tests/Policy"])
            Copy(new DirectoryInfo(Path.Combine(Mutant.Root, folder)), Path.Combine(_tree, folder));
        Directory.CreateDirectory(Path.Combine(_tree, "eng"));
        foreach (string file in Directory.GetFiles(Path.Combine(Mutant.Root, "eng"), "*.targets")) File.Copy(file, Path.Combine(_tree, "eng", Path.GetFileName(file)));
        foreach (string file in (string[])["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", ".editorconfig", "Margay.slnx"])
            if (File.Exists(Path.Combine(Mutant.Root, file))) File.Copy(Path.Combine(Mutant.Root, file), Path.Combine(_tree, file));
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.GetFiles()) file.CopyTo(Path.Combine(to, file.Name), overwrite: true);
        foreach (var folder in from.GetDirectories())
            if (folder.Name is not ("bin" or "obj")) Copy(folder, Path.Combine(to, folder.Name));
    }
}
