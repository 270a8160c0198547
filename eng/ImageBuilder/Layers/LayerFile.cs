namespace Margay.ImageBuilder.Layers;

/// <summary>An entry of a layer: a file on disk, a text, a link or a folder.</summary>
internal sealed record LayerFile(string Path, UnixFileMode Mode)
{
    /// <summary>The file that has the content.</summary>
    public string? Source { get; init; }

    /// <summary>The content itself.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Where a symbolic link points.</summary>
    public string? Link { get; init; }
}
