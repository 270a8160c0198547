using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Crd;

/// <summary>
/// Objects of projectcalico.org/v3 as custom resources of crd.projectcalico.org/v1 and back, in upstream's form: what
/// upstream wrote is read, and what is written here upstream reads. Pure; trees are edited in place.
/// </summary>
public static class CrdCodec
{
    /// <summary>Makes the custom resource of an object.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="document">The object; it is the custom resource afterwards.</param>
    /// <param name="before">The metadata of the custom resource that it replaces, whose foreign labels and annotations stay where they are; null for none.</param>
    public static void ToStored(CrdKind kind, JsonObject document, JsonObject? before = null)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(document);
        CrdSpec.ToStored(kind, document);
        document["apiVersion"] = kind.Stored.ApiVersion;
        document["kind"] = kind.Stored.Kind;
        document["metadata"] = CrdMetadata.ToStored(kind, document["metadata"] as JsonObject ?? [], before);
    }

    /// <summary>Makes the object of a custom resource.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="document">The custom resource; it is the object afterwards.</param>
    public static void ToApi(CrdKind kind, JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(document);
        string tier = document["spec"]?["tier"]?.GetValueKind() == JsonValueKind.String ? document["spec"]!["tier"]!.GetValue<string>() : "";
        document["apiVersion"] = kind.Api.ApiVersion;
        document["kind"] = kind.Api.Kind;
        document["metadata"] = CrdMetadata.ToApi(kind, document["metadata"] as JsonObject ?? [], tier);
        CrdSpec.ToApi(kind, document);
    }

    /// <summary>The custom resource of an object with its type.</summary>
    internal static Resource ToStored(CrdKind kind, Resource value, Resource? before = null)
    {
        var document = (JsonObject)JsonSerializer.SerializeToNode(value, kind.Api.TypeInfo)!;
        ToStored(kind, document, before is null ? null : JsonSerializer.SerializeToNode(before, kind.Stored.TypeInfo)!["metadata"] as JsonObject);
        return kind.Stored.Read(JsonSerializer.SerializeToUtf8Bytes(document, ModelJson.Default.JsonObject));
    }

    /// <summary>The object of a custom resource with its type.</summary>
    /// <exception cref="ApiException">A field has the wrong type; it says which object.</exception>
    internal static Resource ToApi(CrdKind kind, Resource stored)
    {
        var document = (JsonObject)JsonSerializer.SerializeToNode(stored, kind.Stored.TypeInfo)!;
        ToApi(kind, document);
        try
        {
            return kind.Api.Read(JsonSerializer.SerializeToUtf8Bytes(document, ModelJson.Default.JsonObject));
        }
        catch (JsonException broken)
        {
            throw new ApiException(
                500, StatusReason.InternalError,
                $"{kind.DefinitionName} \"{stored.Metadata.Name}\"{In(stored)} cannot be read: {broken.Message}; correct it with kubectl edit {kind.DefinitionName}");
        }
    }

    private static string In(Resource stored) => stored.Metadata.Namespace is { Length: > 0 } ns ? $" in namespace {ns}" : "";
}
