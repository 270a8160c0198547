using System.Text.Json.Nodes;

namespace Margay.ApiServer.OpenApi;

/// <summary>
/// Writes an OpenAPI 2 document as the protobuf message <c>openapi.v2.Document</c>, which kubectl up to 1.28 insists on. The field
/// numbers are those of gnostic's <c>OpenAPIv2.proto</c>. It covers what <see cref="OpenApiV2"/> writes, and throws on anything else,
/// so that nothing can be in one form and silently not in the other.
/// </summary>
internal static class OpenApiV2Protobuf
{
    /// <summary>The bytes of the message.</summary>
    public static byte[] Write(JsonObject document)
    {
        var message = new ProtoMessage();
        foreach (var (name, value) in document)
        {
            _ = name switch
            {
                "swagger" => message.String(1, Text(value)),
                "info" => message.Message(2, Info(Object(value))),
                "paths" => message.Message(8, Paths(Object(value))),
                "definitions" => message.Message(9, NamedSchemas(Object(value))),
                _ => throw Unknown(name),
            };
        }

        return message.ToArray();
    }

    private static ProtoMessage Info(JsonObject info) =>
        new ProtoMessage().String(1, Text(info["title"])).String(2, Text(info["version"]));

    private static ProtoMessage Paths(JsonObject paths)
    {
        var message = new ProtoMessage();
        foreach (var (path, item) in paths)
            message.Message(2, Named(path, PathItem(Object(item))));
        return message;
    }

    private static ProtoMessage PathItem(JsonObject item)
    {
        var message = new ProtoMessage();
        foreach (var (name, value) in item)
        {
            if (name == "parameters")
            {
                Parameters(message, 9, value!.AsArray());
                continue;
            }

            message.Message(MethodField(name), Operation(Object(value)));
        }

        return message;
    }

    private static int MethodField(string method) => method switch
    {
        "get" => 2,
        "put" => 3,
        "post" => 4,
        "delete" => 5,
        "patch" => 8,
        _ => throw Unknown(method),
    };

    private static ProtoMessage Operation(JsonObject operation)
    {
        var message = new ProtoMessage();
        foreach (var (name, value) in operation)
        {
            switch (name)
            {
                case "description": message.String(3, Text(value)); break;
                case "operationId": message.String(5, Text(value)); break;
                case "produces": Elements(message, 6, value); break;
                case "consumes": Elements(message, 7, value); break;
                case "parameters": Parameters(message, 8, value!.AsArray()); break;
                case "responses": message.Message(9, Responses(Object(value))); break;
                default: Extension(message, 13, name, value); break;
            }
        }

        return message;
    }

    private static void Parameters(ProtoMessage message, int field, JsonArray parameters)
    {
        foreach (var parameter in parameters)
            message.Message(field, new ProtoMessage().Message(1, Parameter(Object(parameter))));
    }

    private static ProtoMessage Parameter(JsonObject parameter)
    {
        var place = Text(parameter["in"]);
        bool required = parameter["required"]?.GetValue<bool>() ?? false;
        if (place == "body")
        {
            return new ProtoMessage().Message(1, new ProtoMessage().String(1, Text(parameter["description"])).String(2, Text(parameter["name"]))
                .String(3, place).Bool(4, required).Message(5, Schema(Object(parameter["schema"]))));
        }

        bool unique = parameter["uniqueItems"]?.GetValue<bool>() ?? false;
        var common = new ProtoMessage().Bool(1, required).String(2, place).String(3, Text(parameter["description"])).String(4, Text(parameter["name"]));
        var choice = place switch
        {
            "query" => new ProtoMessage().Message(3, common.String(6, Text(parameter["type"])).Bool(20, unique)),
            "path" => new ProtoMessage().Message(4, common.String(5, Text(parameter["type"])).Bool(19, unique)),
            _ => throw Unknown($"parameter in {place}"),
        };
        return new ProtoMessage().Message(2, choice);
    }

    private static ProtoMessage Responses(JsonObject responses)
    {
        var message = new ProtoMessage();
        foreach (var (code, value) in responses)
        {
            var response = Object(value);
            var schema = response["schema"] is { } s ? new ProtoMessage().Message(1, Schema(Object(s))) : null;
            var written = new ProtoMessage().String(1, Text(response["description"])).Message(2, schema);
            message.Message(1, Named(code, new ProtoMessage().Message(1, written)));
        }

        return message;
    }

    private static ProtoMessage NamedSchemas(JsonObject schemas)
    {
        var message = new ProtoMessage();
        foreach (var (name, schema) in schemas)
            message.Message(1, Named(name, Schema(Object(schema))));
        return message;
    }

    private static ProtoMessage Schema(JsonObject schema)
    {
        var message = new ProtoMessage();
        foreach (var (name, value) in schema)
        {
            switch (name)
            {
                case "$ref": message.String(1, Text(value)); break;
                case "format": message.String(2, Text(value)); break;
                case "description": message.String(4, Text(value)); break;
                case "required": Elements(message, 19, value); break;
                case "enum":
                    foreach (var allowed in value!.AsArray())
                        message.Message(20, Yaml(allowed));
                    break;
                case "additionalProperties": message.Message(21, new ProtoMessage().Message(1, Schema(Object(value)))); break;
                case "type": message.Message(22, new ProtoMessage().Element(1, Text(value)!)); break;
                case "items": message.Message(23, new ProtoMessage().Message(1, Schema(Object(value)))); break;
                case "properties": message.Message(25, NamedSchemas(Object(value))); break;
                default: Extension(message, 31, name, value); break;
            }
        }

        return message;
    }

    private static void Extension(ProtoMessage message, int field, string name, JsonNode? value)
    {
        if (!name.StartsWith("x-", StringComparison.Ordinal))
            throw Unknown(name);
        message.Message(field, Named(name, Yaml(value)));
    }

    private static ProtoMessage Named(string name, ProtoMessage value) => new ProtoMessage().String(1, name).Message(2, value);

    // JSON is YAML, so an extension's value is written as it is.
    private static ProtoMessage Yaml(JsonNode? value) => new ProtoMessage().String(2, value?.ToJsonString() ?? "null");

    private static void Elements(ProtoMessage message, int field, JsonNode? values)
    {
        foreach (var value in values!.AsArray())
            message.Element(field, Text(value)!);
    }

    private static string? Text(JsonNode? value) => value?.GetValue<string>();

    private static JsonObject Object(JsonNode? value) => value!.AsObject();

    private static InvalidOperationException Unknown(string what) => new($"The protobuf form has no place for '{what}'.");
}
