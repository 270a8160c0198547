using Margay.ApiServer.Schema;

namespace Margay.ApiServer.OpenApi;

/// <summary>Lists the operations of a kind. The paths are the ones the REST endpoints answer.</summary>
/// <param name="catalog">The types.</param>
internal sealed class ApiOperations(SchemaCatalog catalog)
{
    /// <summary>Every operation on a kind, path by path.</summary>
    public IEnumerable<ApiOperation> Of(ServedKind kind)
    {
        var objects = kind.Namespaced ? $"{kind.GroupPath}/namespaces/{{namespace}}/{kind.Plural}" : $"{kind.GroupPath}/{kind.Plural}";
        foreach (var operation in Collection(kind, objects))
            yield return operation;
        foreach (var operation in Single(kind, $"{objects}/{{name}}", ""))
            yield return operation;
        if (kind.HasStatus)
        {
            foreach (var operation in Single(kind, $"{objects}/{{name}}/status", "Status"))
                yield return operation;
        }

        if (kind.Namespaced && Can(kind, "list"))
        {
            yield return new($"{kind.GroupPath}/{kind.Plural}", "get", "list", kind, $"list{Id(kind, false)}ForAllNamespaces",
                $"List or watch objects of kind {kind.Gvk.Kind} in all namespaces.", QueryParameter.List, null, catalog.ListOf(kind.Gvk));
        }
    }

    private IEnumerable<ApiOperation> Collection(ServedKind kind, string path)
    {
        var type = catalog.Find(kind.Gvk)!;
        if (Can(kind, "list"))
        {
            yield return new(path, "get", "list", kind, $"list{Id(kind)}", $"List or watch objects of kind {kind.Gvk.Kind}.",
                QueryParameter.List, null, catalog.ListOf(kind.Gvk));
        }

        if (Can(kind, "create"))
            yield return new(path, "post", "post", kind, $"create{Id(kind)}", $"Create a {kind.Gvk.Kind}.", QueryParameter.Write, type, type);
        if (Can(kind, "deletecollection"))
        {
            yield return new(path, "delete", "deletecollection", kind, $"deleteCollection{Id(kind)}",
                $"Delete every selected {kind.Gvk.Kind}.", [.. QueryParameter.Delete, .. QueryParameter.List.Where(IsSelection)],
                catalog.DeleteOptions, catalog.Status);
        }
    }

    private IEnumerable<ApiOperation> Single(ServedKind kind, string path, string part)
    {
        var type = catalog.Find(kind.Gvk)!;
        var what = part.Length == 0 ? $"the {kind.Gvk.Kind}" : $"the status of the {kind.Gvk.Kind}";
        if (Can(kind, "get"))
            yield return new(path, "get", "get", kind, $"read{Id(kind)}{part}", $"Read {what}.", [], null, type);
        if (Can(kind, "update"))
            yield return new(path, "put", "put", kind, $"replace{Id(kind)}{part}", $"Replace {what}.", QueryParameter.Write, type, type);
        if (Can(kind, "patch"))
            yield return new(path, "patch", "patch", kind, $"patch{Id(kind)}{part}", $"Change a part of {what}.", QueryParameter.Patch, null, type);
        if (Can(kind, "delete") && part.Length == 0)
        {
            yield return new(path, "delete", "delete", kind, $"delete{Id(kind)}", $"Delete {what}.", QueryParameter.Delete,
                catalog.DeleteOptions, catalog.Status);
        }
    }

    private static bool IsSelection(QueryParameter parameter) => parameter.Name is "labelSelector" or "fieldSelector" or "limit" or "continue";

    private static bool Can(ServedKind kind, string verb) => kind.Verbs.Contains(verb, StringComparer.Ordinal);

    private static string Id(ServedKind kind, bool scoped = true)
    {
        var group = kind.Gvk.Group.Length == 0 ? "core" : kind.Gvk.Group.Split('.')[0];
        return $"{Capital(group)}{Capital(kind.Gvk.Version)}{(kind.Namespaced && scoped ? "Namespaced" : "")}{kind.Gvk.Kind}";
    }

    private static string Capital(string word) => string.Concat(char.ToUpperInvariant(word[0]).ToString(), word.AsSpan(1));
}
