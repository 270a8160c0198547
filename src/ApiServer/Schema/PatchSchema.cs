namespace Margay.ApiServer.Schema;

/// <summary>Answers questions about merging from a kind's type.</summary>
/// <param name="type">The kind's type.</param>
internal sealed class PatchSchema(TypeSchema type) : IPatchSchema
{
    /// <inheritdoc/>
    public ListMerge? MergeOf(string path)
    {
        TypeSchema? at = type;
        FieldSchema? field = null;
        foreach (var name in path.Split('.'))
        {
            // Below a map any key leads to its values.
            if (field is { Shape: FieldShape.Map })
                field = field.Items;
            else if (at is null || !at.TryField(name, out field))
                return null;
            at = Elements(field!).Type;
        }

        return field!.Merge;
    }

    private static FieldSchema Elements(FieldSchema field)
    {
        while (field.Shape == FieldShape.List)
            field = field.Items!;
        return field;
    }
}
