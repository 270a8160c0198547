using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Patch;

/// <summary>Reads patches by their media type.</summary>
internal sealed class Patches(Lazy<SchemaCatalog> catalog)
{
    private const string JsonType = "application/json-patch+json";
    private const string MergeType = "application/merge-patch+json";
    private const string StrategicType = "application/strategic-merge-patch+json";
    private const string ApplyType = "application/apply-patch+yaml";

    public Patch Read(ServedKind kind, string mediaType, byte[] body, ApplySettings apply)
    {
        switch (mediaType)
        {
            case JsonType:
                return new JsonPatch(RequestBody.Parse(body, mediaType) as JsonArray ?? throw Failures.BadRequest("a JSON patch is a list of operations"));
            case MergeType:
                return new MergePatch(Object(body, mediaType));
            // As upstream: strategic merges are for Kubernetes' own types, whose lists have known keys.
            case StrategicType when kind.Gvk.Group != "projectcalico.org":
                return new StrategicMergePatch(Object(body, mediaType), catalog.Value.PatchSchema(kind.Gvk.ApiVersion, kind.Gvk.Kind));
            case ApplyType:
                if (apply.Manager.Length == 0) throw Failures.BadRequest("PatchOptions: fieldManager: Required value: is required for apply patch");
                return new ApplyPatch(Object(body, mediaType), catalog.Value.Find(kind.Gvk)!, apply);
            default:
                string accepted = string.Join(", ", kind.Gvk.Group == "projectcalico.org"
                    ? [JsonType, MergeType, ApplyType]
                    : (string[])[JsonType, MergeType, StrategicType, ApplyType]);
                throw Failures.UnsupportedMediaType(mediaType, accepted);
        }
    }

    private static JsonObject Object(byte[] body, string mediaType) =>
        RequestBody.Parse(body, mediaType) as JsonObject ?? throw Failures.BadRequest("the patch must be an object");
}
