namespace Margay.Model.Resources;

/// <summary>One aspect of an object's state as a controller sees it (meta/v1 Condition).</summary>
public sealed class Condition
{
    /// <summary>The aspect, for example <c>Ready</c>; one condition for each type.</summary>
    public string Type { get; set => field = value ?? ""; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; set => field = value ?? ""; } = "";

    /// <summary>The <c>metadata.generation</c> that the condition was worked out from.</summary>
    public long? ObservedGeneration { get; set; }

    /// <summary>When the status changed last; RFC 3339.</summary>
    public string? LastTransitionTime { get; set; }

    /// <summary>A word for programs that says why, in CamelCase.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; set; }
}
