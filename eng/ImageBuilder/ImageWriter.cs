using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ImageBuilder.Layers;
using Margay.ImageBuilder.Oci;
using Margay.ImageBuilder.Sbom;

namespace Margay.ImageBuilder;

/// <summary>Makes an image's archive, for one or several architectures, and the list of what is in it.</summary>
internal sealed class ImageWriter(string work, string output, Release release, LockFiles locks)
{
    private static readonly JsonSerializerOptions _readable = new() { WriteIndented = true };

    /// <summary>Makes <c>margay-NAME.tar</c> and <c>margay-NAME-ARCH.spdx.json</c>.</summary>
    /// <returns>A line about it.</returns>
    public string Write(Image image, IReadOnlyList<string> architectures)
    {
        Directory.CreateDirectory(output);
        var archive = new OciArchive();
        var manifests = new List<JsonObject>();
        foreach (string architecture in architectures.Distinct().Order(StringComparer.Ordinal))
        {
            manifests.Add(Manifest(archive, image, architecture));
            var bill = new BillOfMaterials(release, locks, Path.Combine(work, architecture)).Of(image, architecture);
            File.WriteAllText(Path.Combine(output, $"margay-{image.Name}-{architecture}.spdx.json"), bill.ToJsonString(_readable) + "\n", new UTF8Encoding(false));
        }
        string path = Path.Combine(output, $"margay-{image.Name}.tar");
        string reference = $"margay.io/{image.Name}:{release.Version}";
        archive.Write(path, manifests, reference, release.Created);
        return $"{path}: {reference} for {string.Join(", ", architectures)}, {new FileInfo(path).Length / 1024.0 / 1024.0:F1} MiB";
    }

    private JsonObject Manifest(OciArchive archive, Image image, string architecture)
    {
        var files = new LayerFiles(Path.Combine(work, architecture, "programs"), Path.Combine(work, architecture, "packages"));
        var layers = image.Layers.Select(layer => LayerTar.Write(files.Of(layer), release.Created)).ToList();
        var config = archive.Add("application/vnd.oci.image.config.v1+json", Configuration(image, architecture, layers.Select(layer => layer.DiffId)));
        var manifest = archive.Add("application/vnd.oci.image.manifest.v1+json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = config,
            ["layers"] = new JsonArray([.. layers.Select(layer => archive.Add("application/vnd.oci.image.layer.v1.tar+gzip", layer.Compressed))]),
            ["annotations"] = Labels(image),
        });
        manifest["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
        return manifest;
    }

    private JsonObject Configuration(Image image, string architecture, IEnumerable<Digest> layers) => new()
    {
        ["created"] = Created,
        ["architecture"] = architecture,
        ["os"] = "linux",
        ["config"] = new JsonObject
        {
            ["User"] = image.User,
            ["Env"] = new JsonArray(["PATH=/usr/bin:/bin", .. image.Environment]),
            ["Entrypoint"] = new JsonArray(image.Entrypoint),
            ["WorkingDir"] = "/",
            ["Labels"] = Labels(image),
        },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray([.. layers.Select(layer => (JsonNode)layer.ToString())]) },
        ["history"] = new JsonArray([.. image.Layers.Select(_ => new JsonObject { ["created"] = Created, ["created_by"] = "eng/images" })]),
    };

    private JsonObject Labels(Image image) => new()
    {
        ["org.opencontainers.image.created"] = Created,
        ["org.opencontainers.image.description"] = image.Description,
        ["org.opencontainers.image.licenses"] = "Apache-2.0",
        ["org.opencontainers.image.revision"] = release.Revision,
        ["org.opencontainers.image.title"] = $"margay-{image.Name}",
        ["org.opencontainers.image.vendor"] = "The Margay authors",
        ["org.opencontainers.image.version"] = release.Version,
    };

    private string Created => release.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ");
}
