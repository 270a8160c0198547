using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Margay.Install.Tests.Images;

/// <summary>An OCI archive as an importer reads it.</summary>
internal sealed class Archive
{
    private readonly Dictionary<string, byte[]> _files = [];

    public Archive(string path)
    {
        using var file = File.OpenRead(path);
        using var tar = new TarReader(file);
        while (tar.GetNextEntry(copyData: true) is { } entry) _files[entry.Name] = Bytes(entry);
    }

    public JsonObject Index => Json(_files["index.json"]);

    public JsonObject Blob(JsonNode descriptor) => Json(Raw(descriptor));

    /// <summary>The entries of an image's layers, from below.</summary>
    public IEnumerable<TarEntry> Files(JsonObject manifest)
    {
        foreach (var layer in manifest["layers"]!.AsArray())
        {
            using var gzip = new GZipStream(new MemoryStream(Raw(layer!)), CompressionMode.Decompress);
            using var tar = new TarReader(gzip);
            while (tar.GetNextEntry(copyData: true) is { } entry) yield return entry;
        }
    }

    private byte[] Raw(JsonNode descriptor) => _files["blobs/sha256/" + descriptor["digest"]!.GetValue<string>()["sha256:".Length..]];

    private static JsonObject Json(byte[] bytes) => JsonNode.Parse(bytes)!.AsObject();

    private static byte[] Bytes(TarEntry entry)
    {
        using var copy = new MemoryStream();
        entry.DataStream?.CopyTo(copy);
        return copy.ToArray();
    }
}
