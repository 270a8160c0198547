namespace Margay.ApiServer.Rest;

/// <summary>The shape an answer is wanted in.</summary>
internal enum AnswerShape
{
    /// <summary>The object itself.</summary>
    Object,

    /// <summary>Rows and columns for people (meta/v1 Table).</summary>
    Table,

    /// <summary>Type and metadata only (meta/v1 PartialObjectMetadata).</summary>
    Metadata,
}

/// <summary>What a client accepts.</summary>
/// <param name="Yaml">YAML instead of JSON.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Version">The version of meta.k8s.io that the shape is wanted in: <c>v1</c> or <c>v1beta1</c>.</param>
internal readonly record struct AnswerForm(bool Yaml, AnswerShape Shape, string Version)
{
    public const string Json = "application/json";
    public const string YamlType = "application/yaml";

    public static AnswerForm Plain => new(false, AnswerShape.Object, "v1");

    public string ContentType => Yaml ? YamlType : Json;

    /// <summary>Takes the first of the accepted forms that can be given.</summary>
    public static AnswerForm Choose(string accept)
    {
        if (string.IsNullOrWhiteSpace(accept)) return Plain;
        foreach (string entry in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = entry.Split(';', StringSplitOptions.TrimEntries);
            bool? yaml = parts[0] switch
            {
                Json or "*/*" or "application/*" => false,
                YamlType => true,
                _ => null,
            };
            if (yaml is not { } isYaml) continue;
            string wanted = Parameter(parts, "as");
            string version = Parameter(parts, "v") is { Length: > 0 } given ? given : "v1";
            if (wanted.Length == 0) return new(isYaml, AnswerShape.Object, version);
            if (version is not ("v1" or "v1beta1") || Parameter(parts, "g") != "meta.k8s.io") continue;
            switch (wanted)
            {
                case "Table": return new(isYaml, AnswerShape.Table, version);
                case "PartialObjectMetadata" or "PartialObjectMetadataList": return new(isYaml, AnswerShape.Metadata, version);
            }
        }
        throw Failures.NotAcceptable();
    }

    private static string Parameter(string[] parts, string name)
    {
        foreach (string part in parts.AsSpan(1))
            if (part.StartsWith(name + "=", StringComparison.Ordinal)) return part[(name.Length + 1)..];
        return "";
    }
}
