namespace Margay.ImageBuilder;

/// <summary>What all images of a build share.</summary>
/// <param name="Version">The tag.</param>
/// <param name="Revision">The commit.</param>
/// <param name="Created">The time that stands for every time in the images: the commit's, so that a build can be repeated.</param>
internal sealed record Release(string Version, string Revision, DateTimeOffset Created);
