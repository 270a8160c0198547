using Margay.ImageBuilder.Layers;

namespace Margay.ImageBuilder;

/// <summary>What an image is made of. Paths in it are relative to the root, without a leading slash.</summary>
internal sealed record Image
{
    /// <summary>The last part of the reference: <c>margay.io/NAME:VERSION</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A line about it.</summary>
    public required string Description { get; init; }

    /// <summary>What it runs.</summary>
    public required string Entrypoint { get; init; }

    /// <summary>The user and group that it runs as.</summary>
    public string User { get; init; } = "0:0";

    /// <summary>Variables.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Layers from below; the same layer in several images is stored once by whoever pulls them.</summary>
    public required IReadOnlyList<Layer> Layers { get; init; }

    /// <summary>The folders under src/Apps whose lock files say which packages are inside.</summary>
    public required IReadOnlyList<string> Apps { get; init; }
}

/// <summary>One layer: what of Debian's packages, what of our programs, and what is written here.</summary>
internal sealed record Layer
{
    /// <summary>Files of Debian packages.</summary>
    public IReadOnlyList<PackageFiles> Packages { get; init; } = [];

    /// <summary>Published programs: a file or a folder under programs/, and where it goes.</summary>
    public IReadOnlyList<(string From, string To)> Programs { get; init; } = [];

    /// <summary>Small files with their text.</summary>
    public IReadOnlyList<(string Path, string Text)> Texts { get; init; } = [];

    /// <summary>Folders that are empty, with their mode.</summary>
    public IReadOnlyList<(string Path, UnixFileMode Mode)> Folders { get; init; } = [];
}
