using System.Collections.Immutable;
using Margay.Answers.Completion;
using Margay.Answers.Sources;
using Margay.Answers.Worlds;

namespace Margay.Answers.PolicyTests;

/// <summary>All tests that a command names. Files run beside each other, each in a world of its own.</summary>
/// <param name="Open">Makes a reader of sources; called once for each file.</param>
/// <param name="Default">The sources of files that name none.</param>
/// <param name="AllowInvalid">Whether tests run although resources are invalid.</param>
public sealed record PolicyTestSuite(Func<ResourceSources> Open, IReadOnlyList<string> Default, bool AllowInvalid)
{
    /// <summary>Finds the test files of paths: a file is one whatever its name, a directory has those named <c>*.test.yaml</c>, however deep.</summary>
    /// <exception cref="AnswerException">A path is not there, or has no test.</exception>
    public static ImmutableArray<string> Find(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var files = ImmutableArray.CreateBuilder<string>();
        foreach (string path in paths)
        {
            if (File.Exists(path))
            {
                files.Add(path);
                continue;
            }
            if (!Directory.Exists(path)) throw new AnswerException($"The path \"{path}\" does not exist.");
            string[] found = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(PolicyTestReader.IsTestFile).Order(StringComparer.Ordinal)];
            if (found.Length == 0) throw new AnswerException($"{path} holds no file named *.test.yaml.");
            files.AddRange(found);
        }
        return [.. files.Distinct()];
    }

    /// <summary>Reads and runs test files; results in the order of the files.</summary>
    /// <exception cref="AnswerException">A file cannot be understood, or its resources cannot.</exception>
    public async Task<ImmutableArray<PolicyTestFileResult>> RunAsync(IReadOnlyList<string> files, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(files);
        var results = new PolicyTestFileResult[files.Count];
        var failures = new string?[files.Count];
        await Parallel.ForAsync(0, files.Count, stop, async (i, cancelled) =>
        {
            try
            {
                results[i] = await RunAsync(files[i], cancelled);
            }
            catch (AnswerException failure)
            {
                failures[i] = failure.Message;
            }
        });
        return failures.OfType<string>().ToArray() is { Length: > 0 } all ? throw new AnswerException(string.Join('\n', all)) : [.. results];
    }

    private async Task<PolicyTestFileResult> RunAsync(string path, CancellationToken stop)
    {
        var file = PolicyTestReader.Read(path, await File.ReadAllTextAsync(path, stop));
        var objects = await Open().ReadAsync(SourcesOf(file), stop);
        if (objects.Problems.Count > 0 && !AllowInvalid)
            throw new AnswerException($"{string.Join('\n', objects.Problems)}\n{path}: its resources are invalid, so its tests say nothing; --allow-invalid runs them all the same.");
        WorldCompletion.Complete(objects);
        return PolicyTestRun.Run(file, new PolicyWorld(objects), stop);
    }

    private IReadOnlyList<string> SourcesOf(PolicyTestFile file) =>
        file.Resources.Length > 0 ? file.Resources
        : Default.Count > 0 ? Default
        : throw new AnswerException($"{file.File}: name the resources, in the file (resources: [../policies]) or on the command line (-r).");
}
