using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Rest;

/// <summary>Brings what a body says about itself and what the path says into agreement, or refuses.</summary>
internal static class Identity
{
    public static void Agree(JsonObject document, ServedKind kind, string space)
    {
        Type(document, kind);
        JsonObject metadata = document.Metadata();
        string given = metadata.Text("namespace");
        if (!kind.Namespaced && given.Length == 0 || given == space) { }
        else if (given.Length > 0)
            throw Failures.BadRequest($"the namespace of the provided object does not match the namespace sent on the request ({given}, {space})");
        if (kind.Namespaced) metadata["namespace"] = space;
        else metadata.Remove("namespace");
    }

    public static void AgreeName(JsonObject document, string name)
    {
        string given = document.Metadata().Text("name");
        if (given.Length > 0 && given != name)
            throw Failures.BadRequest($"the name of the object ({given}) does not match the name on the URL ({name})");
        document.Metadata()["name"] = name;
    }

    private static void Type(JsonObject document, ServedKind kind)
    {
        string version = document.Text("apiVersion");
        string name = document.Text("kind");
        if (version.Length > 0 && version != kind.Gvk.ApiVersion)
        {
            throw Failures.BadRequest(
                $"the API version in the data ({version}) does not match the expected API version ({kind.Gvk.ApiVersion})");
        }
        if (name.Length > 0 && name != kind.Gvk.Kind)
            throw Failures.BadRequest($"the kind in the data ({name}) does not match the expected kind ({kind.Gvk.Kind})");
        document["apiVersion"] = kind.Gvk.ApiVersion;
        document["kind"] = kind.Gvk.Kind;
    }
}
