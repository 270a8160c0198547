using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.OpenApi;

/// <summary>Builds the OpenAPI 2 document of the whole server.</summary>
internal static class OpenApiV2
{
    /// <summary>The document.</summary>
    /// <param name="catalog">The types.</param>
    /// <param name="version">The server's version.</param>
    public static JsonObject Build(SchemaCatalog catalog, string version)
    {
        var writer = new DefinitionWriter(version3: false);
        var operations = new ApiOperations(catalog);
        var paths = new JsonObject();
        foreach (var path in catalog.Kinds.SelectMany(operations.Of).GroupBy(o => o.Path, StringComparer.Ordinal))
            paths[path.Key] = Path(path.Key, path, writer);
        var definitions = new JsonObject();
        foreach (var type in catalog.Types)
            definitions[type.Name] = writer.Write(type);
        return new()
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Margay", ["version"] = version },
            ["paths"] = paths,
            ["definitions"] = definitions,
        };
    }

    private static JsonObject Path(string path, IEnumerable<ApiOperation> operations, DefinitionWriter writer)
    {
        var item = new JsonObject();
        foreach (var operation in operations)
            item[operation.Method] = Operation(operation, writer);
        var parameters = PathParameters.Of(path).Select(name => (JsonNode)new JsonObject
        {
            ["name"] = name,
            ["in"] = "path",
            ["required"] = true,
            ["type"] = "string",
            ["description"] = PathParameters.Describe(name),
        });
        item["parameters"] = new JsonArray([.. parameters]);
        return item;
    }

    private static JsonObject Operation(ApiOperation operation, DefinitionWriter writer)
    {
        var parameters = new JsonArray();
        if (operation.Body is not null || operation.Method == "patch")
        {
            parameters.Add(new JsonObject
            {
                ["name"] = "body",
                ["in"] = "body",
                ["required"] = operation.Method != "delete",
                ["schema"] = operation.Body is { } body ? writer.Reference(body) : new JsonObject { ["type"] = "object" },
            });
        }

        foreach (var query in operation.Query)
        {
            parameters.Add(new JsonObject
            {
                ["name"] = query.Name,
                ["in"] = "query",
                ["type"] = query.Type,
                ["uniqueItems"] = true,
                ["description"] = query.Description,
            });
        }

        var consumes = operation.Method == "patch" ? PatchTypes.Of(operation.Kind) : ["*/*"];
        return new()
        {
            ["description"] = operation.Summary,
            ["operationId"] = operation.Id,
            ["consumes"] = new JsonArray([.. consumes.Select(t => (JsonNode)t)]),
            ["produces"] = new JsonArray("application/json"),
            ["parameters"] = parameters,
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject { ["description"] = "OK", ["schema"] = writer.Reference(operation.Answer) },
            },
            ["x-kubernetes-action"] = operation.Action,
            ["x-kubernetes-group-version-kind"] = DefinitionWriter.Kind(operation.Kind.Gvk),
        };
    }
}
