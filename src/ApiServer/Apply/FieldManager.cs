using System.Text.Json.Nodes;
using Margay.ApiServer.Tables;

namespace Margay.ApiServer.Apply;

/// <summary>Who set which fields: an entry of an object's <c>managedFields</c>.</summary>
/// <param name="Name">The manager's name.</param>
/// <param name="Operation"><c>Apply</c> for server-side apply, <c>Update</c> for everything else.</param>
/// <param name="ApiVersion">The version of the object in which the fields are written.</param>
/// <param name="Subresource">The subresource, such as <c>status</c>; empty for the object itself.</param>
/// <param name="Time">When the set was changed last; RFC 3339.</param>
/// <param name="Fields">The fields.</param>
internal sealed record FieldManager(string Name, string Operation, string ApiVersion, string Subresource, string Time, FieldSet Fields)
{
    /// <summary>The operation of server-side apply.</summary>
    public const string Apply = "Apply";

    /// <summary>The operation of everything else.</summary>
    public const string Update = "Update";

    /// <summary>Whether this is the entry of a manager, operation and subresource.</summary>
    public bool Is(string name, string operation, string subresource) =>
        Name == name && Operation == operation && Subresource == subresource;

    /// <summary>Reads the managers of an object; what is not understood is left out.</summary>
    public static List<FieldManager> Read(JsonObject value) =>
    [
        .. value.Items("metadata", "managedFields").Where(e => e.At("fieldsV1") is JsonObject).Select(e => new FieldManager(
            e.Text("manager"), e.Text("operation"), e.Text("apiVersion"), e.Text("subresource"), e.Text("time"),
            FieldSet.Read(e.At("fieldsV1")!.AsObject()))),
    ];

    /// <summary>Writes the managers into an object; those without fields are left out.</summary>
    public static void Write(JsonObject value, IEnumerable<FieldManager> managers)
    {
        var entries = new JsonArray([.. managers.Where(m => !m.Fields.IsEmpty).Select(m => (JsonNode)m.Entry())]);
        if (value["metadata"] is not JsonObject metadata)
            value["metadata"] = metadata = [];
        if (entries.Count == 0)
            metadata.Remove("managedFields");
        else
            metadata["managedFields"] = entries;
    }

    private JsonObject Entry()
    {
        var entry = new JsonObject
        {
            ["manager"] = Name,
            ["operation"] = Operation,
            ["apiVersion"] = ApiVersion,
            ["time"] = Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = Fields.Write(),
        };
        if (Subresource.Length > 0)
            entry["subresource"] = Subresource;
        return entry;
    }
}
