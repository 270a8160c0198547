using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tables;

/// <summary>Writes objects as table rows or as metadata.</summary>
internal static class ObjectForms
{
    /// <summary>One object as a table of one row, for a single get or a watch event.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="value">The object.</param>
    /// <param name="version">The version of meta.k8s.io.</param>
    /// <param name="rows">What comes with the row.</param>
    /// <param name="now">The time for which ages are told.</param>
    /// <param name="headers">Whether to describe the columns; a watch does so in its first event only.</param>
    public static JsonObject Row(ServedKind kind, JsonObject value, string version, RowObject rows, DateTimeOffset now, bool headers = true)
    {
        var table = Table(kind, [value], null, version, rows, now, headers);
        table["metadata"] = new JsonObject { ["resourceVersion"] = value.Text("metadata", "resourceVersion") };
        return table;
    }

    /// <summary>Objects as a table.</summary>
    /// <param name="kind">The kind of all of them.</param>
    /// <param name="values">The objects.</param>
    /// <param name="metadata">The list's metadata: resource version, continue token, remaining count.</param>
    /// <param name="version">The version of meta.k8s.io.</param>
    /// <param name="rows">What comes with each row.</param>
    /// <param name="now">The time for which ages are told.</param>
    /// <param name="headers">Whether to describe the columns.</param>
    public static JsonObject Table(
        ServedKind kind, IEnumerable<JsonObject> values, JsonObject? metadata, string version, RowObject rows, DateTimeOffset now, bool headers = true)
    {
        var columns = KindColumns.Of(kind.Gvk);
        return new()
        {
            ["kind"] = "Table",
            ["apiVersion"] = $"meta.k8s.io/{version}",
            ["metadata"] = metadata?.DeepClone() ?? new JsonObject(),
            ["columnDefinitions"] = headers ? new JsonArray([.. columns.Select(c => (JsonNode)Header(c))]) : [],
            ["rows"] = new JsonArray([.. values.Select(v => (JsonNode)Row(v, columns, now, rows, version))]),
        };
    }

    /// <summary>An object without anything but its metadata.</summary>
    public static JsonObject Metadata(JsonObject value, string version) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = value["metadata"]?.DeepClone() ?? new JsonObject(),
    };

    /// <summary>Objects without anything but their metadata.</summary>
    public static JsonObject MetadataList(IEnumerable<JsonObject> values, JsonObject metadata, string version) => new()
    {
        ["kind"] = "PartialObjectMetadataList",
        ["apiVersion"] = $"meta.k8s.io/{version}",
        ["metadata"] = metadata.DeepClone(),
        ["items"] = new JsonArray([.. values.Select(v => (JsonNode)Metadata(v, version))]),
    };

    private static JsonObject Header(Column column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };

    private static JsonObject Row(JsonObject value, IReadOnlyList<Column> columns, DateTimeOffset now, RowObject rows, string version)
    {
        var context = new CellContext(now);
        var row = new JsonObject { ["cells"] = new JsonArray([.. columns.Select(c => c.Cell(value, context))]) };
        if (rows == RowObject.Metadata)
            row["object"] = Metadata(value, version);
        else if (rows == RowObject.Object)
            row["object"] = value.DeepClone();
        return row;
    }
}
