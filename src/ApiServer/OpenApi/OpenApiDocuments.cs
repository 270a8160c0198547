using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.OpenApi;

/// <summary>The OpenAPI documents as bytes, each made when it is first asked for and then kept.</summary>
internal sealed class OpenApiDocuments
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lazy<SchemaCatalog> _catalog;
    private readonly Lazy<JsonObject> _v2;
    private readonly Lazy<Document> _v2Json;
    private readonly Lazy<Document> _v2Protobuf;
    private readonly Lazy<Document> _v3Index;
    private readonly Dictionary<string, Lazy<Document>> _v3 = new(StringComparer.Ordinal);

    /// <summary>Prepares the documents without building any.</summary>
    /// <param name="kinds">The kinds the server offers.</param>
    /// <param name="catalog">Their types.</param>
    /// <param name="version">The server's version.</param>
    public OpenApiDocuments(IReadOnlyList<ServedKind> kinds, Lazy<SchemaCatalog> catalog, string version)
    {
        _catalog = catalog;
        _v2 = new(() => OpenApiV2.Build(_catalog.Value, version));
        _v2Json = new(() => Document.Of(Bytes(_v2.Value)));
        _v2Protobuf = new(() => Document.Of(OpenApiV2Protobuf.Write(_v2.Value)));
        foreach (var group in kinds.GroupBy(k => k.GroupPath, StringComparer.Ordinal))
        {
            IReadOnlyList<ServedKind> members = [.. group];
            _v3[group.Key[1..]] = new(() => Document.Of(Bytes(OpenApiV3.Build(_catalog.Value, members, version))));
        }

        _v3Index = new(BuildIndex);
    }

    /// <summary>OpenAPI 2 as JSON.</summary>
    public Document V2Json => _v2Json.Value;

    /// <summary>OpenAPI 2 as protobuf.</summary>
    public Document V2Protobuf => _v2Protobuf.Value;

    /// <summary>The list of the OpenAPI 3 documents with their hashes.</summary>
    public Document V3Index => _v3Index.Value;

    /// <summary>The OpenAPI 3 document of a group and version, or null when there is none.</summary>
    /// <param name="group">The path without its first slash, for example <c>apis/networking.k8s.io/v1</c>.</param>
    public Document? V3(string group) => _v3.GetValueOrDefault(group)?.Value;

    private Document BuildIndex()
    {
        var paths = new JsonObject();
        foreach (var (group, document) in _v3)
            paths[group] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{group}?hash={document.Value.Hash}" };
        return Document.Of(Bytes(new JsonObject { ["paths"] = paths }));
    }

    private static byte[] Bytes(JsonObject document) => JsonSerializer.SerializeToUtf8Bytes(document, Plain);

    /// <summary>A finished document.</summary>
    /// <param name="Bytes">Its content.</param>
    /// <param name="Hash">The upper-case hexadecimal SHA-256 of the content.</param>
    internal sealed record Document(byte[] Bytes, string Hash)
    {
        /// <summary>Computes the hash.</summary>
        public static Document Of(byte[] bytes) => new(bytes, Convert.ToHexString(SHA256.HashData(bytes)));
    }
}
