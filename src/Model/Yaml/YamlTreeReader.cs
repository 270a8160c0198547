using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Margay.Model.Yaml;

/// <summary>Builds the JSON of one document from the parser's events.</summary>
internal sealed class YamlTreeReader(IParser parser, string source, YamlPositions? positions = null)
{
    /// <summary>As deep as System.Text.Json reads by default; nobody writes such manifests by hand.</summary>
    private const int MaxDepth = 64;

    /// <summary>How many nodes aliases may add: enough for real manifests, too few for a text that doubles itself.</summary>
    private const int MaxCopiedNodes = 100_000;

    private const string TagPrefix = "tag:yaml.org,2002:";

    private readonly Dictionary<AnchorName, (JsonNode? Node, int Size)> _anchors = [];
    private int _copied;
    private int _read;

    /// <summary>Reads the node that comes next.</summary>
    public JsonNode? ReadNode(int depth)
    {
        var start = parser.Current ?? throw new YamlSyntaxException(source, 1, 1, "unexpected end");
        if (depth > MaxDepth)
            throw Wrong(start, $"nested more than {MaxDepth} levels deep");
        int before = _read++;
        JsonNode? node;
        switch (start)
        {
            case AnchorAlias:
                return Copy(parser.Consume<AnchorAlias>());
            case Scalar:
                node = ReadScalar(parser.Consume<Scalar>());
                break;
            case SequenceStart:
                node = ReadSequence(depth);
                break;
            case MappingStart:
                node = ReadMapping(depth);
                break;
            default:
                throw Wrong(start, "expected a value");
        }

        positions?.Add(node, start.Start);
        if (start is NodeEvent { Anchor.IsEmpty: false } named)
            _anchors[named.Anchor] = (node, _read - before);
        return node;
    }

    private JsonArray ReadSequence(int depth)
    {
        var array = new JsonArray();
        parser.Consume<SequenceStart>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            array.Add(ReadNode(depth + 1));
        return array;
    }

    private JsonObject ReadMapping(int depth)
    {
        var map = new JsonObject();
        List<JsonObject>? merges = null;
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current!;
            if (at is Scalar { Style: ScalarStyle.Plain, Value: "<<" })
            {
                parser.Consume<Scalar>();
                var place = parser.Current!;
                (merges ??= []).AddRange(Merged(ReadNode(depth + 1), place));
                continue;
            }

            string key = ReadKey(at);
            if (map.ContainsKey(key))
                throw Wrong(at, $"the key \"{key}\" is there twice");
            map[key] = ReadNode(depth + 1);
        }

        // What the mapping says itself wins, then the earlier of the merged ones.
        foreach (var (key, value) in merges?.SelectMany(merge => merge) ?? [])
        {
            if (!map.ContainsKey(key))
                map[key] = value?.DeepClone();
        }

        return map;
    }

    private IEnumerable<JsonObject> Merged(JsonNode? node, ParsingEvent at) => node switch
    {
        JsonObject one => [one],
        JsonArray many when many.All(item => item is JsonObject) => many.Cast<JsonObject>(),
        _ => throw Wrong(at, "only mappings can be merged"),
    };

    // JSON has string keys only; numbers and booleans become their text, as Kubernetes' converter makes them.
    private string ReadKey(ParsingEvent at)
    {
        if (at is AnchorAlias)
            return KeyText(Copy(parser.Consume<AnchorAlias>()), at);
        if (at is not Scalar scalar)
            throw Wrong(at, "a key must be a scalar");
        parser.Consume<Scalar>();
        string key = KeyText(ReadScalar(scalar), at);
        if (!scalar.Anchor.IsEmpty)
            _anchors[scalar.Anchor] = (JsonValue.Create(key), 1);
        return key;
    }

    private string KeyText(JsonNode? key, ParsingEvent at) => key is JsonValue value
        ? value.TryGetValue(out string? text) ? text
        : value.TryGetValue(out bool boolean) ? (boolean ? "true" : "false")
        : value.TryGetValue(out double number) ? number.ToString("R", CultureInfo.InvariantCulture)
        : value.ToString()
        : throw Wrong(at, "a key must be a string, a number or a boolean");

    private JsonNode? Copy(AnchorAlias alias)
    {
        if (!_anchors.TryGetValue(alias.Value, out var target))
            throw Wrong(alias, $"nothing before has the anchor \"{alias.Value}\"");
        _copied += target.Size;
        _read += target.Size;
        return _copied > MaxCopiedNodes ? throw Wrong(alias, "the aliases unfold to too much") : target.Node?.DeepClone();
    }

    private JsonValue? ReadScalar(Scalar scalar)
    {
        string tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        if (HasHalfCharacter(scalar.Value))
            throw Wrong(scalar, "holds half of a surrogate pair, which is no character");
        if (tag.StartsWith(TagPrefix, StringComparison.Ordinal))
            return Tagged(scalar, tag[TagPrefix.Length..]);
        if (scalar.Style != ScalarStyle.Plain || tag.Length > 0)
            return JsonValue.Create(scalar.Value);
        return YamlScalar.Resolve(scalar.Value, out var value) switch
        {
            YamlScalar.Meaning.Text => JsonValue.Create(scalar.Value),
            YamlScalar.Meaning.NotFinite => throw Wrong(scalar, $"{scalar.Value} cannot be said in JSON"),
            _ => value,
        };
    }

    // An escape can say it; no text can hold it, so that it could be read but not written.
    private static bool HasHalfCharacter(string value)
    {
        for (int i = 0; i < value.Length; i++)
        {
            if (!char.IsSurrogate(value[i]))
                continue;
            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                return true;
            i++;
        }

        return false;
    }

    private JsonValue? Tagged(Scalar scalar, string tag)
    {
        var meaning = YamlScalar.Resolve(scalar.Value, out var value);
        return (tag, meaning) switch
        {
            ("str", _) => JsonValue.Create(scalar.Value),
            ("null", YamlScalar.Meaning.Null) => null,
            ("bool", YamlScalar.Meaning.Boolean) or ("int", YamlScalar.Meaning.Integer) => value,
            ("float", YamlScalar.Meaning.Float or YamlScalar.Meaning.Integer) => value,
            ("timestamp", _) => JsonValue.Create(scalar.Value),
            ("binary", _) => Binary(scalar),
            _ => throw Wrong(scalar, $"cannot be read as !!{tag}"),
        };
    }

    private JsonValue Binary(Scalar scalar)
    {
        byte[] bytes = new byte[scalar.Value.Length];
        return Convert.TryFromBase64String(scalar.Value, bytes, out int length)
            ? JsonValue.Create(Encoding.UTF8.GetString(bytes.AsSpan(0, length)))!
            : throw Wrong(scalar, "is no Base64");
    }

    private YamlSyntaxException Wrong(ParsingEvent at, string problem) => new(source, at.Start.Line, at.Start.Column, problem);
}
