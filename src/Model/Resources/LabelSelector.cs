namespace Margay.Model.Resources;

/// <summary>A query over labels as Kubernetes writes it: all its parts must hold; an empty one matches everything.</summary>
public sealed class LabelSelector
{
    /// <summary>Labels that must be present with exactly these values.</summary>
    public Dictionary<string, string>? MatchLabels { get; set; }

    /// <summary>Requirements on single labels.</summary>
    public List<LabelSelectorRequirement>? MatchExpressions { get; set; }
}

/// <summary>A requirement on one label.</summary>
public sealed class LabelSelectorRequirement
{
    /// <summary>The label's key.</summary>
    public string Key { get; set => field = value ?? ""; } = "";

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
    public string Operator { get; set => field = value ?? ""; } = "";

    /// <summary>The values for <c>In</c> and <c>NotIn</c>; empty for the other two.</summary>
    public List<string>? Values { get; set; }
}
