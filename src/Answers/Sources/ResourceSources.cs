using Margay.Model.Datastore;

namespace Margay.Answers.Sources;

/// <summary>
/// Reads the objects that a question is about. A source is a file, a directory, <c>-</c> for standard input,
/// <c>git:REVISION:PATH</c>, or <c>cluster</c>.
/// </summary>
/// <param name="cluster">Opens the running cluster; called only when a source names it.</param>
/// <param name="input">Standard input.</param>
public sealed class ResourceSources(Func<IResourceStore> cluster, TextReader input)
{
    /// <summary>The source that is the running cluster.</summary>
    public const string Cluster = "cluster";

    /// <summary>Whether folders below a directory count.</summary>
    public bool Recursive { get; init; }

    /// <summary>The namespace of objects that name none.</summary>
    public string DefaultNamespace { get; init; } = "default";

    /// <summary>Reads sources. The cluster lies below everything else: an object of a file replaces the cluster's.</summary>
    /// <param name="sources">The sources; the same object twice among files is a problem.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="AnswerException">A source is not there.</exception>
    public async Task<ResourceSet> ReadAsync(IEnumerable<string> sources, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var files = new ResourceSet();
        ResourceSet? below = null;
        var parser = new ManifestParser(DefaultNamespace);
        foreach (string source in sources)
        {
            if (source == Cluster)
            {
                var store = cluster();
                below = await ClusterSource.ReadAsync(store, stop);
                continue;
            }
            foreach (var text in await TextsAsync(source, stop)) parser.Read(text, files);
        }
        return below is null ? files : files.Over(below);
    }

    /// <summary>The same source as it was in a revision.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="source">A file or directory.</param>
    public static string AtRevision(string revision, string source) => $"{GitSource.Prefix}{revision}:{source}";

    /// <summary>Splits <c>git:REVISION[:PATH]</c>; false when the source is no revision.</summary>
    /// <param name="source">The source.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="path">The path; null when none was given.</param>
    public static bool IsRevision(string source, out string revision, out string? path)
    {
        ArgumentNullException.ThrowIfNull(source);
        (revision, path) = ("", null);
        if (!source.StartsWith(GitSource.Prefix, StringComparison.Ordinal)) return false;
        string rest = source[GitSource.Prefix.Length..];
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        (revision, path) = colon < 0 ? (rest, null) : (rest[..colon], rest[(colon + 1)..]);
        return true;
    }

    private async Task<IReadOnlyList<SourceText>> TextsAsync(string source, CancellationToken stop)
    {
        if (!IsRevision(source, out string revision, out string? path)) return await FileSource.ReadAsync(source, Recursive, input, stop);
        return await GitSource.ReadAsync(revision, string.IsNullOrEmpty(path) ? "." : path, Recursive, stop);
    }
}
