using System.Text;
using Margay.ImageBuilder.Oci;

namespace Margay.ImageBuilder;

/// <summary><c>SHA256SUMS</c>, as sha256sum reads it.</summary>
internal static class Checksums
{
    /// <summary>Writes it for all archives and lists in a folder.</summary>
    public static void Write(string folder)
    {
        var lines = Directory.EnumerateFiles(folder)
            .Where(file => Path.GetExtension(file) is ".tar" or ".json")
            .Order(StringComparer.Ordinal)
            .Select(file => $"{Digest.Of(File.ReadAllBytes(file)).Hex}  {Path.GetFileName(file)}\n");
        File.WriteAllText(Path.Combine(folder, "SHA256SUMS"), string.Concat(lines), new UTF8Encoding(false));
    }
}
