namespace Margay.ApiServer.Schema;

/// <summary>What one field, list element or map value may hold.</summary>
internal sealed record FieldSchema
{
    /// <summary>The kind of JSON value.</summary>
    public required FieldShape Shape { get; init; }

    /// <summary>What people read in <c>kubectl explain</c>.</summary>
    public string Description { get; init; } = "";

    /// <summary>OpenAPI's refinement of the type: <c>int32</c>, <c>int64</c>, <c>date-time</c>, <c>byte</c>, <c>double</c>; empty for none.</summary>
    public string Format { get; init; } = "";

    /// <summary>The fields, for <see cref="FieldShape.Object"/>.</summary>
    public TypeSchema? Type { get; init; }

    /// <summary>The elements of a list or the values of a map.</summary>
    public FieldSchema? Items { get; init; }

    /// <summary>The allowed strings; empty when any is allowed.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Whether a list may hold null here; elsewhere null means absent.</summary>
    public bool Nullable { get; init; }

    /// <summary>How patches merge this list; null when a patch replaces it whole.</summary>
    public ListMerge? Merge { get; init; }
}
