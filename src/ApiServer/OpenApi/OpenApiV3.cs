using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.OpenApi;

/// <summary>Builds the OpenAPI 3 document of one group and version.</summary>
internal static class OpenApiV3
{
    /// <summary>The document.</summary>
    /// <param name="catalog">The types.</param>
    /// <param name="kinds">The kinds of the group and version.</param>
    /// <param name="version">The server's version.</param>
    public static JsonObject Build(SchemaCatalog catalog, IReadOnlyList<ServedKind> kinds, string version)
    {
        var writer = new DefinitionWriter(version3: true);
        var operations = new ApiOperations(catalog);
        var paths = new JsonObject();
        var used = new SortedDictionary<string, TypeSchema>(StringComparer.Ordinal);
        foreach (var path in kinds.SelectMany(operations.Of).GroupBy(o => o.Path, StringComparer.Ordinal))
        {
            paths[path.Key] = Path(path.Key, path, writer);
            foreach (var operation in path)
            {
                Use(operation.Answer, used);
                if (operation.Body is { } body)
                    Use(body, used);
            }
        }

        var schemas = new JsonObject();
        foreach (var (name, type) in used)
            schemas[name] = writer.Write(type);
        return new()
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Margay", ["version"] = version },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static void Use(TypeSchema type, SortedDictionary<string, TypeSchema> used)
    {
        if (!used.TryAdd(type.Name, type))
            return;
        foreach (var (_, field) in type.Fields)
        {
            for (var at = field; at is not null; at = at.Items)
            {
                if (at.Type is not null)
                    Use(at.Type, used);
            }
        }
    }

    private static JsonObject Path(string path, IEnumerable<ApiOperation> operations, DefinitionWriter writer)
    {
        var item = new JsonObject();
        foreach (var operation in operations)
            item[operation.Method] = Operation(operation, writer);
        item["parameters"] = new JsonArray([.. PathParameters.Of(path).Select(name =>
            (JsonNode)Parameter(name, "path", "string", PathParameters.Describe(name), required: true))]);
        return item;
    }

    private static JsonObject Operation(ApiOperation operation, DefinitionWriter writer)
    {
        var written = new JsonObject
        {
            ["description"] = operation.Summary,
            ["operationId"] = operation.Id,
            ["parameters"] = new JsonArray([.. operation.Query.Select(q =>
                (JsonNode)Parameter(q.Name, "query", q.Type, q.Description, required: false))]),
        };
        if (operation.Method == "patch")
            written["requestBody"] = Body(PatchTypes.Of(operation.Kind), () => new JsonObject { ["type"] = "object" }, required: true);
        else if (operation.Body is { } body)
            written["requestBody"] = Body(["*/*"], () => writer.Reference(body), operation.Method != "delete");
        written["responses"] = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = "OK",
                ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = writer.Reference(operation.Answer) } },
            },
        };
        written["x-kubernetes-action"] = operation.Action;
        written["x-kubernetes-group-version-kind"] = DefinitionWriter.Kind(operation.Kind.Gvk);
        return written;
    }

    private static JsonObject Body(IEnumerable<string> types, Func<JsonObject> schema, bool required)
    {
        var content = new JsonObject();
        foreach (var type in types)
            content[type] = new JsonObject { ["schema"] = schema() };
        return new() { ["content"] = content, ["required"] = required };
    }

    private static JsonObject Parameter(string name, string place, string type, string description, bool required)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["description"] = description };
        if (required)
            parameter["required"] = true;
        parameter["schema"] = new JsonObject { ["type"] = type, ["uniqueItems"] = true };
        return parameter;
    }
}
