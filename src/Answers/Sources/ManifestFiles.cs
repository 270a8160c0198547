using Margay.Answers.PolicyTests;
using Margay.Answers.Verify;

namespace Margay.Answers.Sources;

/// <summary>Which files of a directory are manifests.</summary>
public static class ManifestFiles
{
    /// <summary>The endings that manifests have.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".yaml", ".yml", ".json"];

    /// <summary>Whether a file's name says that it is a manifest; tests of policy and invariants may stand beside what they are about.</summary>
    /// <param name="file">The file's name or path.</param>
    public static bool IsManifest(string file) =>
        Extensions.Contains(Path.GetExtension(file)) && !PolicyTestReader.IsTestFile(file) && !InvariantReader.IsInvariantFile(file);
}
