namespace Margay.ImageBuilder.Sbom;

/// <summary>Something that is in an image.</summary>
/// <param name="Name">Its name where it comes from.</param>
/// <param name="Version">Its version there.</param>
/// <param name="Url">The package URL (purl), which says where that is.</param>
/// <param name="Licence">An SPDX expression, or NOASSERTION when the package's own file says it at length.</param>
internal sealed record Component(string Name, string Version, string Url, string Licence);
