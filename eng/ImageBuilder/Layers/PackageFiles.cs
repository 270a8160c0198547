namespace Margay.ImageBuilder.Layers;

/// <summary>
/// Files of a Debian package by the pattern of their names, at their place; with them goes the package's copyright file.
/// </summary>
internal sealed record PackageFiles(string Name, params IReadOnlyList<string> Patterns)
{
    /// <summary>A folder that takes the files in place of their own; null: where the package has them.</summary>
    public string? Into { get; init; }

    /// <summary>A file that takes the text of all files, one after the other; null: files stay files.</summary>
    public string? Bundle { get; init; }
}
