using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Margay.Answers.Sources;
using Margay.Model.Selectors;
using Margay.Policy.Reachability;

namespace Margay.Answers.PolicyTests;

/// <summary>Reads files of policy tests, strictly.</summary>
public sealed class PolicyTestReader
{
    private readonly StrictReader _reader;
    private readonly string _folder;

    private PolicyTestReader(string file, string text)
    {
        _reader = new StrictReader(new SourceText(file, text));
        _folder = Path.GetDirectoryName(file) ?? "";
    }

    /// <summary>Whether a file's name says that it holds tests: it ends in <c>.test.yaml</c> or <c>.test.yml</c>.</summary>
    public static bool IsTestFile(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.EndsWith(".test.yaml", StringComparison.Ordinal) || file.EndsWith(".test.yml", StringComparison.Ordinal);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="AnswerException">Something cannot be understood; the message has every mistake.</exception>
    public static PolicyTestFile Read(string file, string text)
    {
        ArgumentNullException.ThrowIfNull(file);
        var reader = new PolicyTestReader(file, text);
        var read = reader.Read(file);
        reader._reader.ThrowIfWrong();
        return read;
    }

    private PolicyTestFile Read(string file)
    {
        var documents = _reader.Documents();
        if (documents.Count != 1 || documents[0].Root is not JsonObject root || root["tests"] is not JsonArray tests)
        {
            if (_reader.Errors == 0) _reader.Wrong(0, "", "expected one document with tests, a list; resources and namespace are optional");
            return new PolicyTestFile(file, [], "default", []);
        }
        _reader.CheckFields(root, 0, "", "resources", "namespace", "tests");
        string ns = _reader.Text(root, "namespace", 0, "") ?? "default";
        var read = tests.Select((test, i) => ReadTest(test, $"tests[{i}]")).OfType<PolicyTest>().ToImmutableArray();
        foreach (var twice in read.GroupBy(test => test.Name).Where(group => group.Count() > 1))
            _reader.Wrong(twice.Last().Place, $"the name \"{twice.Key}\" is there twice; reports would mix them up");
        return new PolicyTestFile(file, [.. Texts(root, "resources", "").Select(Resolve)], ns, read);
    }

    // A path in the file is seen from the file; what is no path stays as it is.
    private string Resolve(string source) =>
        source is "-" or ResourceSources.Cluster || ResourceSources.IsRevision(source, out _, out _) || Path.IsPathRooted(source)
            ? source
            : Path.GetRelativePath(".", Path.GetFullPath(Path.Combine(_folder, source)));

    private PolicyTest? ReadTest(JsonNode? node, string path)
    {
        int before = _reader.Errors;
        if (node is not JsonObject value)
        {
            _reader.Wrong(0, path, "expected an object with name, from, to, expect");
            return null;
        }
        _reader.CheckFields(value, 0, path, "name", "description", "from", "to", "expect", "by", "at");
        string? name = _reader.Text(value, "name", 0, path, required: true);
        string? expect = _reader.Text(value, "expect", 0, path, required: true);
        if (expect is not (null or "allow" or "deny")) _reader.Wrong(0, $"{path}.expect", $"\"{expect}\" is neither allow nor deny");
        string? at = _reader.Text(value, "at", 0, path);
        if (at is not (null or "source" or "destination")) _reader.Wrong(0, $"{path}.at", $"\"{at}\" is neither source nor destination");
        if (at is not null && expect == "allow") _reader.Wrong(0, $"{path}.at", "says which side denies, so it goes with expect: deny");
        var from = ReadEnds(value, "from", path, ports: false);
        var to = ReadEnds(value, "to", path, ports: true);
        string? by = _reader.Text(value, "by", 0, path);
        return _reader.Errors > before
            ? null
            : new PolicyTest(name!, from, to, expect == "allow", by, at is null ? null : at == "source", _reader.Place(0, path));
    }

    private ImmutableArray<TestEnd> ReadEnds(JsonObject test, string field, string path, bool ports)
    {
        path = $"{path}.{field}";
        if (test[field] is not { } given)
        {
            _reader.Wrong(0, path, $"{field} is missing: a name, a list of names, or an object with selector and namespaceSelector");
            return [];
        }
        var list = given as JsonArray ?? [given.DeepClone()];
        if (list.Count == 0) _reader.Wrong(0, path, "the list is empty: nothing would be tested");
        return [.. list.Select((end, i) => ReadEnd(end, given is JsonArray ? $"{path}[{i}]" : path, ports)).OfType<TestEnd>()];
    }

    private TestEnd? ReadEnd(JsonNode? node, string path, bool ports)
    {
        if (node is JsonValue text && text.TryGetValue(out string? name) && name.Length > 0) return new TestEnd(name, null, []);
        if (node is not JsonObject value || !(value.ContainsKey("selector") || value.ContainsKey("namespaceSelector")))
        {
            _reader.Wrong(0, path, "expected a name such as shop/cart, or an object with selector and namespaceSelector");
            return null;
        }
        _reader.CheckFields(value, 0, path, ports ? ["selector", "namespaceSelector", "ports"] : ["selector", "namespaceSelector"]);
        var pods = EndpointDirectory.Combine(ReadSelector(value, "selector", path), ReadSelector(value, "namespaceSelector", path));
        var list = ports ? Texts(value, "ports", path) : [];
        if (ports && list.Count == 0) _reader.Wrong(0, $"{path}.ports", "name at least one port, for example 8080 or 53/udp");
        return new TestEnd(null, pods, [.. list]);
    }

    private Selector? ReadSelector(JsonObject value, string field, string path)
    {
        if (_reader.Text(value, field, 0, path) is not { } text) return null;
        if (Selector.TryParse(text, out var selector, out var error)) return selector;
        _reader.Wrong(0, $"{path}.{field}", $"\"{text}\" is no selector: {error}");
        return null;
    }

    /// <summary>A list of texts or numbers, or one of them.</summary>
    private List<string> Texts(JsonObject value, string field, string path)
    {
        if (value[field] is not { } given) return [];
        var texts = new List<string>();
        foreach (var item in given as JsonArray ?? [given.DeepClone()])
        {
            if (item is JsonValue one) texts.Add(one.ToString());
            else _reader.Wrong(0, StrictReader.Below(path, field), "expected a list of texts");
        }
        return texts;
    }
}
