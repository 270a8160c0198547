using System.Globalization;
using System.Text;
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
        var reader = Open(json);
        if (!reader.Read()) throw new JsonException("the body is empty");
        JsonNode? node = Value(ref reader, duplicates is null ? null : new Repetitions(duplicates));
        if (reader.Read()) throw new JsonException("there is something after the document");
        return node;
    }

    /// <summary>One field of a stored object, without making a tree of what stands behind it.</summary>
    public static JsonNode? Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = Open(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool wanted = reader.ValueTextEquals(name);
            reader.Read();
            if (wanted) return Value(ref reader, null);
            reader.Skip();
        }
        return null;
    }

    private static Utf8JsonReader Open(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = DeepestNesting });

    private static JsonNode? Value(ref Utf8JsonReader reader, Repetitions? repetitions)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: return Object(ref reader, repetitions);
            case JsonTokenType.StartArray: return Array(ref reader, repetitions);
            case JsonTokenType.String: return JsonValue.Create(Text(ref reader));
            case JsonTokenType.Number: return Number(ref reader);
            case JsonTokenType.True: return JsonValue.Create(true);
            case JsonTokenType.False: return JsonValue.Create(false);
            default: return null;
        }
    }

    private static JsonObject Object(ref Utf8JsonReader reader, Repetitions? repetitions)
    {
        var made = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = Text(ref reader);
            reader.Read();
            repetitions?.Enter(name);
            JsonNode? value = Value(ref reader, repetitions);
            if (!made.TryAdd(name, value))
            {
                repetitions?.Note();
                made[name] = value;
            }
            repetitions?.Leave();
        }
        return made;
    }

    private static JsonArray Array(ref Utf8JsonReader reader, Repetitions? repetitions)
    {
        var made = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            repetitions?.Enter(made.Count);
            made.Add(Value(ref reader, repetitions));
            repetitions?.Leave();
        }
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

    /// <summary>Where the reader is, and the paths of fields that are there more than once. A path is made only for those.</summary>
    private sealed class Repetitions(List<string> found)
    {
        private readonly List<(string? Name, int Index)> _path = [];

        public void Enter(string name) => _path.Add((name, 0));

        public void Enter(int index) => _path.Add((null, index));

        public void Leave() => _path.RemoveAt(_path.Count - 1);

        public void Note()
        {
            var path = new StringBuilder();
            foreach (var (name, index) in _path)
            {
                if (name is null) path.Append(CultureInfo.InvariantCulture, $"[{index}]");
                else path.Append(path.Length == 0 ? "" : ".").Append(name);
            }
            found.Add(path.ToString());
        }
    }
}
