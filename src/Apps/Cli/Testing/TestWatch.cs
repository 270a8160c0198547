using System.Threading.Channels;
using Margay.Answers;
using Margay.Answers.PolicyTests;

namespace Margay.Cli.Testing;

/// <summary>Runs tests again whenever a file changes that they were made of.</summary>
internal static class TestWatch
{
    // Editors write a file in several steps, and people save several files: one run for all.
    private static readonly TimeSpan _quiet = TimeSpan.FromMilliseconds(150);

    public static async Task<int> RunAsync(IReadOnlyList<string> files, IReadOnlyList<string> resources, Func<Task<int>> run, CancellationToken stop)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        while (true)
        {
            // Before the run, so that a change during it is not missed; anew each time, since tests may name other resources now.
            var watchers = Folders(files, resources).Select(folder => Watch(folder, changes.Writer)).ToArray();
            try
            {
                await RunOnceAsync(run);
                Console.Error.WriteLine("Waiting for changes; Ctrl-C ends.");
                await changes.Reader.ReadAsync(stop);
                await Task.Delay(_quiet, stop);
                changes.Reader.TryRead(out _);
            }
            finally
            {
                foreach (var watcher in watchers) watcher.Dispose();
            }
        }
    }

    private static async Task RunOnceAsync(Func<Task<int>> run)
    {
        try
        {
            await run();
        }
        catch (Exception failure) when (failure is CliException or AnswerException)
        {
            // The next change may mend it.
            Console.Error.WriteLine(failure.Message);
        }
    }

    private static IEnumerable<string> Folders(IReadOnlyList<string> files, IReadOnlyList<string> resources)
    {
        IEnumerable<string> paths = files.Concat(resources);
        try
        {
            paths = paths.Concat(PolicyTestSuite.Find(files).SelectMany(file => PolicyTestReader.Read(file, File.ReadAllText(file)).Resources));
        }
        catch (Exception broken) when (broken is AnswerException or IOException)
        {
            // The run reports it; what is known is watched.
            return FoldersOf(paths);
        }
        return FoldersOf(paths);
    }

    private static IEnumerable<string> FoldersOf(IEnumerable<string> paths) =>
        paths.Select(path => Directory.Exists(path) ? Path.GetFullPath(path) : File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : null).OfType<string>().Distinct().ToArray();

    private static FileSystemWatcher Watch(string folder, ChannelWriter<bool> changes)
    {
        var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
        watcher.Changed += (_, _) => changes.TryWrite(true);
        watcher.Created += (_, _) => changes.TryWrite(true);
        watcher.Deleted += (_, _) => changes.TryWrite(true);
        watcher.Renamed += (_, _) => changes.TryWrite(true);
        watcher.EnableRaisingEvents = true;
        return watcher;
    }
}
