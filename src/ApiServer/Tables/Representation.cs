namespace Margay.ApiServer.Tables;

/// <summary>In what form a client wants objects.</summary>
internal enum ObjectForm
{
    /// <summary>As they are.</summary>
    Whole,

    /// <summary>As rows of a table (meta.k8s.io Table).</summary>
    Table,

    /// <summary>Only their metadata (meta.k8s.io PartialObjectMetadata).</summary>
    Metadata,
}

/// <summary>What comes with each row of a table.</summary>
internal enum RowObject
{
    /// <summary>The object's metadata.</summary>
    Metadata,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>The whole object.</summary>
    Object,
}

/// <summary>What a client asked for: the form, and the version of group <c>meta.k8s.io</c> to write it in.</summary>
/// <param name="Form">The form.</param>
/// <param name="Version"><c>v1</c> or <c>v1beta1</c>.</param>
internal readonly record struct Representation(ObjectForm Form, string Version)
{
    /// <summary>Objects as they are.</summary>
    public static Representation Whole { get; } = new(ObjectForm.Whole, "v1");

    /// <summary>Chooses the first form that a client accepts and that is known here; objects as they are when there is none.</summary>
    /// <param name="accept">The Accept header.</param>
    public static Representation Choose(string accept)
    {
        foreach (var type in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parameters = type.Split(';', StringSplitOptions.TrimEntries);
            if (parameters[0] is not ("application/json" or "application/yaml" or "*/*" or "application/*"))
                continue;
            var form = Find(parameters, "as=");
            if (form.Length == 0)
                return Whole;
            var version = Find(parameters, "v=");
            if (version is not ("v1" or "v1beta1") || Find(parameters, "g=") != "meta.k8s.io")
                continue;
            switch (form)
            {
                case "Table":
                    return new(ObjectForm.Table, version);
                case "PartialObjectMetadata" or "PartialObjectMetadataList":
                    return new(ObjectForm.Metadata, version);
            }
        }

        return Whole;
    }

    /// <summary>Reads the <c>includeObject</c> query parameter; null when it has no known value.</summary>
    public static RowObject? ReadIncludeObject(string value) => value switch
    {
        "" or "Metadata" => RowObject.Metadata,
        "None" => RowObject.None,
        "Object" => RowObject.Object,
        _ => null,
    };

    private static string Find(string[] parameters, string name) =>
        parameters.FirstOrDefault(p => p.StartsWith(name, StringComparison.Ordinal))?[name.Length..] ?? "";
}
