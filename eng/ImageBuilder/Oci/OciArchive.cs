using System.Formats.Tar;
using System.Text;
using System.Text.Json.Nodes;

namespace Margay.ImageBuilder.Oci;

/// <summary>
/// An OCI image layout in one tar file (image-spec, "Image Layout"): blobs by digest, index.json, oci-layout. What
/// containerd, podman and skopeo import.
/// </summary>
internal sealed class OciArchive
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private readonly SortedDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    /// <summary>Keeps a blob.</summary>
    /// <returns>Its descriptor.</returns>
    public JsonObject Add(string mediaType, byte[] bytes)
    {
        var digest = Digest.Of(bytes);
        _blobs[digest.Hex] = bytes;
        return new() { ["mediaType"] = mediaType, ["digest"] = digest.ToString(), ["size"] = bytes.Length };
    }

    /// <summary>Keeps a document.</summary>
    /// <returns>Its descriptor.</returns>
    public JsonObject Add(string mediaType, JsonObject document) => Add(mediaType, Encoding.UTF8.GetBytes(document.ToJsonString()));

    /// <summary>Writes the file: complete under its name, or not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="manifests">A descriptor for each platform.</param>
    /// <param name="reference">The name that the image gets where it is imported.</param>
    /// <param name="time">The time of all entries.</param>
    public void Write(string path, IReadOnlyList<JsonObject> manifests, string reference, DateTimeOffset time)
    {
        var top = manifests.Count == 1
            ? manifests[0]
            : Add(IndexType, new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = new JsonArray([.. manifests]) });
        top["annotations"] = new JsonObject
        {
            ["io.containerd.image.name"] = reference,
            ["org.opencontainers.image.ref.name"] = reference[(reference.LastIndexOf(':') + 1)..],
        };
        var index = new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = IndexType, ["manifests"] = new JsonArray(top) };
        string aside = path + ".new";
        using (var file = File.Create(aside))
        using (var tar = new TarWriter(file, TarEntryFormat.Ustar))
        {
            Entry(tar, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), time);
            Entry(tar, "index.json", Encoding.UTF8.GetBytes(index.ToJsonString()), time);
            foreach (var (hex, bytes) in _blobs) Entry(tar, $"blobs/sha256/{hex}", bytes, time);
        }
        File.Move(aside, path, overwrite: true);
    }

    private static void Entry(TarWriter tar, string path, byte[] bytes, DateTimeOffset time)
    {
        using var content = new MemoryStream(bytes);
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { Mode = (UnixFileMode)0b110_100_100, ModificationTime = time, DataStream = content });
    }
}
