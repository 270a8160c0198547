namespace Margay.ApiServer.Schema;

/// <summary>A kind as this server offers it: what discovery, the OpenAPI documents and the tables need to know.</summary>
internal sealed record ServedKind
{
    /// <summary>Group, version and kind.</summary>
    public required GroupVersionKind Gvk { get; init; }

    /// <summary>The name in paths, for example <c>pods</c>.</summary>
    public required string Plural { get; init; }

    /// <summary>The name of one, lower case, for example <c>pod</c>.</summary>
    public required string Singular { get; init; }

    /// <summary>Whether objects live in namespaces.</summary>
    public required bool Namespaced { get; init; }

    /// <summary>The class that the schema is read from.</summary>
    public required Type Type { get; init; }

    /// <summary>The abbreviations people type.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>The sets of kinds that people ask for at once, for example <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Whether the kind has a status of its own path.</summary>
    public bool HasStatus { get; init; }

    /// <summary>What can be done with the kind.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    /// <summary>Every verb.</summary>
    public static IReadOnlyList<string> AllVerbs { get; } =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>The path of the kind's group and version: <c>/api/v1</c> or <c>/apis/networking.k8s.io/v1</c>.</summary>
    public string GroupPath => Gvk.Group.Length == 0 ? $"/api/{Gvk.Version}" : $"/apis/{Gvk.Group}/{Gvk.Version}";
}
