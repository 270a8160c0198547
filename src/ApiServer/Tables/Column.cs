using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>A column of a table.</summary>
/// <param name="Name">The header; kubectl writes it in capitals.</param>
/// <param name="Type">The OpenAPI type of the cells.</param>
/// <param name="Description">What people read about it.</param>
/// <param name="Cell">Takes the cell from an object.</param>
internal sealed record Column(string Name, string Type, string Description, Func<JsonObject, CellContext, JsonNode?> Cell)
{
    /// <summary>0 for columns that are always shown, 1 for those of <c>-o wide</c>.</summary>
    public int Priority { get; init; }

    /// <summary>The OpenAPI format; <c>name</c> marks the column that names the object.</summary>
    public string Format { get; init; } = "";

    /// <summary>The object's name.</summary>
    public static Column ObjectName { get; } =
        new("Name", "string", "The name, unique within namespace and kind.", (o, _) => o.Text("metadata", "name")) { Format = "name" };

    /// <summary>The time since the object was made.</summary>
    public static Column Age { get; } =
        new("Age", "string", "The time since the object was made.", (o, c) => c.Since(o.Text("metadata", "creationTimestamp")));

    /// <summary>A text column.</summary>
    public static Column Text(string name, string description, Func<JsonObject, string> cell) =>
        new(name, "string", description, (o, _) => cell(o));

    /// <summary>A column that shows a field as it is, or <c>&lt;none&gt;</c>.</summary>
    public static Column Field(string name, string description, params string[] path) =>
        new(name, "string", description, (o, _) => o.Plain(path) is { Length: > 0 } text ? text : Cells.None);

    /// <summary>A column that shows a field, or what its absence means.</summary>
    public static Column Defaulted(string name, string description, string absent, params string[] path) =>
        new(name, "string", description, (o, _) => o.Plain(path) is { Length: > 0 } text ? text : absent);

    /// <summary>The same column, shown with <c>-o wide</c> only.</summary>
    public Column Wide() => this with { Priority = 1 };
}
