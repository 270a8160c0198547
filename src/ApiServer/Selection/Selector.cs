namespace Margay.ApiServer.Selection;

/// <summary>What a list or a watch is restricted to.</summary>
internal sealed record Selector(LabelSelector Labels, FieldSelector Fields)
{
    public static Selector Everything { get; } = new(LabelSelector.Everything, FieldSelector.Everything);

    public bool IsEverything => Labels.IsEverything && Fields.IsEverything;
}
