using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Admission;

/// <summary>Reads a document as the model's type, for what the model knows: defaults and meaning.</summary>
internal static class TypedForm
{
    /// <summary>The object, or null when the document does not have the type's form; the schema check says why then.</summary>
    public static Resource? Read(ServedKind kind, JsonObject document)
    {
        if (KindRegistry.Find(kind.Gvk.ApiVersion, kind.Gvk.Kind) is not { } info) return null;
        try
        {
            return info.Read(StoredForm.Write(document));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The object as JSON.</summary>
    public static byte[] Write(ServedKind kind, Resource value) =>
        JsonSerializer.SerializeToUtf8Bytes(value, KindRegistry.Find(kind.Gvk.ApiVersion, kind.Gvk.Kind)!.TypeInfo);
}
