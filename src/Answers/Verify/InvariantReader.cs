using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Margay.Answers.Sources;
using Margay.Foundation.Primitives;
using Margay.Model.Selectors;
using Margay.Policy.Reachability;

namespace Margay.Answers.Verify;

/// <summary>Reads a file of invariants. Strict: what is not understood is an error with file, line and fix, never ignored.</summary>
public sealed class InvariantReader
{
    private static readonly string[] InvariantFields = ["name", "deny", "allow", "except", "mayBeEmpty", "description"];
    private static readonly string[] SideFields = ["selector", "namespaceSelector", "cidr", "internet"];

    private readonly StrictReader _reader;
    private readonly List<Invariant> _invariants = [];

    private InvariantReader(SourceText text) => _reader = new StrictReader(text);

    /// <summary>Whether a file's name says that it holds invariants: <c>invariants.yaml</c>, <c>*.invariants.yaml</c>, or <c>.yml</c>.</summary>
    /// <param name="file">The file.</param>
    public static bool IsInvariantFile(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        string name = Path.GetFileName(file);
        return Path.GetExtension(name) is ".yaml" or ".yml" && ("." + Path.GetFileNameWithoutExtension(name)).EndsWith(".invariants", StringComparison.Ordinal);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="name">The file's name, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="AnswerException">Something cannot be understood; the message has every mistake.</exception>
    public static IReadOnlyList<Invariant> Read(string name, string text)
    {
        var reader = new InvariantReader(new SourceText(name, text));
        reader.Read();
        reader._reader.ThrowIfWrong();
        return reader._invariants;
    }

    private void Read()
    {
        var documents = _reader.Documents();
        for (int d = 0; d < documents.Count; d++)
        {
            if (documents[d].Root is not JsonObject { Count: 1 } root || root["invariants"] is not JsonArray list)
            {
                _reader.Wrong(d, "", "expected one field, invariants, with a list");
                continue;
            }
            for (int i = 0; i < list.Count; i++) ReadOne(list[i], d, $"invariants[{i}]");
        }
        foreach (var twice in _invariants.GroupBy(i => i.Name).Where(g => g.Count() > 1))
            _reader.Wrong(twice.Last().Place, $"the name \"{twice.Key}\" is there twice; reports would mix them up");
    }

    private void ReadOne(JsonNode? node, int document, string path)
    {
        int before = _reader.Errors;
        if (node is not JsonObject value)
        {
            _reader.Wrong(document, path, "expected an object with name and deny or allow");
            return;
        }
        _reader.CheckFields(value, document, path, InvariantFields);
        if (Text(value["name"]) is not { Length: > 0 } name)
        {
            _reader.Wrong(document, path, "name is missing");
            return;
        }
        if (value.ContainsKey("deny") == value.ContainsKey("allow"))
        {
            _reader.Wrong(document, path, $"\"{name}\" needs either deny or allow");
            return;
        }
        string verb = value.ContainsKey("deny") ? "deny" : "allow";
        var traffic = ReadTraffic(value[verb], document, $"{path}.{verb}");
        var except = (value["except"] as JsonArray ?? []).Select((item, i) => ReadTraffic(item, document, $"{path}.except[{i}]")).ToImmutableArray();
        if (value.ContainsKey("except") && value["except"] is not JsonArray) _reader.Wrong(document, $"{path}.except", "expected a list");
        if (value["mayBeEmpty"] is { } empty && !IsBoolean(empty)) _reader.Wrong(document, $"{path}.mayBeEmpty", "expected true or false");
        if (_reader.Errors > before) return;
        var place = _reader.Place(document, path);
        _invariants.Add(new Invariant(name, verb == "deny" ? Expectation.Deny : Expectation.Allow, traffic, except, IsTrue(value["mayBeEmpty"]), place));
    }

    private Traffic ReadTraffic(JsonNode? node, int document, string path)
    {
        if (node is not JsonObject value)
        {
            _reader.Wrong(document, path, "expected an object with from, to, ports; all of them optional");
            return new Traffic(Anything(), Anything(), []);
        }
        _reader.CheckFields(value, document, path, ["from", "to", "ports"]);
        return new Traffic(ReadSide(value, "from", document, path), ReadSide(value, "to", document, path), ReadPorts(value["ports"], document, $"{path}.ports"));
    }

    private Side ReadSide(JsonObject traffic, string name, int document, string path)
    {
        path = $"{path}.{name}";
        if (!traffic.ContainsKey(name)) return Anything();
        if (traffic[name] is not JsonObject value || value.Count == 0)
        {
            _reader.Wrong(document, path, $"expected an object with {string.Join(", ", SideFields)}; leave {name} out for everything");
            return Anything();
        }
        _reader.CheckFields(value, document, path, SideFields);
        bool pods = value.ContainsKey("selector") || value.ContainsKey("namespaceSelector");
        bool internet = IsTrue(value["internet"]);
        if (value["internet"] is { } given && !IsBoolean(given)) _reader.Wrong(document, $"{path}.internet", "expected true or false");
        if ((pods ? 1 : 0) + (value.ContainsKey("cidr") ? 1 : 0) + (internet ? 1 : 0) != 1)
            _reader.Wrong(document, path, "give one of: selector and namespaceSelector for pods, cidr for addresses, internet: true");
        var selector = ReadSelector(value, "selector", document, path);
        var namespaces = ReadSelector(value, "namespaceSelector", document, path);
        return new Side(
            pods ? EndpointDirectory.Combine(selector, namespaces) : null, ReadCidrs(value["cidr"], document, $"{path}.cidr"), internet,
            string.Join(", ", value.Select(f => $"{f.Key}: {f.Value?.ToJsonString()}")));
    }

    private Selector? ReadSelector(JsonObject value, string field, int document, string path)
    {
        if (!value.ContainsKey(field)) return null;
        if (Text(value[field]) is not { } text)
        {
            _reader.Wrong(document, $"{path}.{field}", "expected a selector, for example app == 'web'");
            return null;
        }
        if (Selector.TryParse(text, out var selector, out var error)) return selector;
        _reader.Wrong(document, $"{path}.{field}", $"\"{text}\" is no selector: {error}");
        return null;
    }

    private ImmutableArray<IpPrefix> ReadCidrs(JsonNode? node, int document, string path)
    {
        if (node is null) return [];
        var found = ImmutableArray.CreateBuilder<IpPrefix>();
        foreach (var item in node as JsonArray ?? [node.DeepClone()])
        {
            if (IpPrefix.TryParse(Text(item), out var prefix)) found.Add(prefix);
            else _reader.Wrong(document, path, $"{item?.ToJsonString() ?? "null"} is no prefix, for example 10.0.0.0/8");
        }
        return found.ToImmutable();
    }

    private ImmutableArray<PortWord> ReadPorts(JsonNode? node, int document, string path)
    {
        if (node is null) return [];
        var found = ImmutableArray.CreateBuilder<PortWord>();
        if (node is not JsonArray list || list.Count == 0)
        {
            _reader.Wrong(document, path, "expected a list with at least one entry; leave ports out for everything");
            return [];
        }
        foreach (var item in list)
        {
            if (item is JsonValue && PortWord.TryParse(item.ToString(), out var word)) found.Add(word);
            else _reader.Wrong(document, path, $"{item?.ToJsonString() ?? "null"} is no port: {PortWord.Forms}");
        }
        return found.ToImmutable();
    }

    private static Side Anything() => new(null, [], false, "anything");

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static bool IsBoolean(JsonNode node) => node is JsonValue value && value.TryGetValue(out bool _);

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue(out bool given) && given;
}
