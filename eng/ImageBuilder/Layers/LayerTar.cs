using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using Margay.ImageBuilder.Oci;

namespace Margay.ImageBuilder.Layers;

/// <summary>A layer as bytes: sorted, owned by root, one time everywhere, so that equal input gives equal bytes.</summary>
internal static class LayerTar
{
    /// <summary>Writes the layer.</summary>
    /// <returns>The compressed bytes and the digest of the uncompressed ones, which the image's configuration names.</returns>
    public static (byte[] Compressed, Digest DiffId) Write(IEnumerable<LayerFile> files, DateTimeOffset time)
    {
        using var plain = new MemoryStream();
        using (var tar = new TarWriter(plain, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var file in files) Write(tar, file, time);
        }
        var bytes = plain.GetBuffer().AsSpan(0, (int)plain.Length);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(bytes);
        return (compressed.ToArray(), new Digest(SHA256.HashData(bytes)));
    }

    private static void Write(TarWriter tar, LayerFile file, DateTimeOffset time)
    {
        var type = file switch
        {
            { Link: not null } => TarEntryType.SymbolicLink,
            { Source: not null } or { Content: not null } => TarEntryType.RegularFile,
            _ => TarEntryType.Directory,
        };
        var entry = new UstarTarEntry(type, type == TarEntryType.Directory ? file.Path + "/" : file.Path) { Mode = file.Mode, ModificationTime = time };
        if (file.Link is { } link) entry.LinkName = link;
        using var content = file.Source is { } source ? File.OpenRead(source) : file.Content is { } text ? (Stream)new MemoryStream(text) : null;
        if (content is not null) entry.DataStream = content;
        tar.WriteEntry(entry);
    }
}
