using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Rest;

/// <summary>
/// Reads JSON as Kubernetes does: of a repeated field the last one counts, and the repetition is reported. The library's
/// own tree would throw on the first use of such an object, long after the body was accepted.
/// </summary>
internal static class DocumentParser
{
    private const int DeepestNesting = 128;

    /// <exception cref="JsonException">It is not JSON, or too deep.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> json, List<string>? duplicates = null)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DeepestNesting });
        if (!reader.Read()) throw new JsonException("the body is empty");
        JsonNode? node = Value(ref reader, "", duplicates);
        if (reader.Read()) throw new JsonException("there is something after the document");
        return node;
    }

    private static JsonNode? Value(ref Utf8JsonReader reader, string path, List<string>? duplicates)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: return Object(ref reader, path, duplicates);
            case JsonTokenType.StartArray: return Array(ref reader, path, duplicates);
            case JsonTokenType.String: return JsonValue.Create(Text(ref reader));
            case JsonTokenType.Number: return Number(ref reader);
            case JsonTokenType.True: return JsonValue.Create(true);
            case JsonTokenType.False: return JsonValue.Create(false);
            default: return null;
        }
    }

    private static JsonObject Object(ref Utf8JsonReader reader, string path, List<string>? duplicates)
    {
        var made = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = Text(ref reader);
            string at = duplicates is null ? "" : path.Length == 0 ? name : $"{path}.{name}";
            reader.Read();
            JsonNode? value = Value(ref reader, at, duplicates);
            if (made.ContainsKey(name)) duplicates?.Add(at);
            made[name] = value;
        }
        return made;
    }

    private static JsonArray Array(ref Utf8JsonReader reader, string path, List<string>? duplicates)
    {
        var made = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            made.Add(Value(ref reader, duplicates is null ? "" : $"{path}[{made.Count}]", duplicates));
        return made;
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("a string is not valid UTF-8", e);
        }
    }

    /// <summary>Whole numbers stay whole, and everything else keeps its digits.</summary>
    private static JsonValue Number(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out long whole)) return JsonValue.Create(whole);
        using JsonDocument exact = JsonDocument.ParseValue(ref reader);
        return JsonValue.Create(exact.RootElement.Clone())!;
    }
}
