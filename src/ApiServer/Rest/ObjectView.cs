using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Selection;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Rest;

/// <summary>
/// One stored state as the API sees it. It belongs to the stored object, so everything in here is made at most once,
/// however many lists and watchers use it.
/// </summary>
internal sealed class ObjectView
{
    private static readonly Dictionary<string, string> None = [];

    private readonly StoredObject _stored;
    private readonly Lazy<byte[]> _wire;
    private readonly Lazy<IReadOnlyDictionary<string, string>> _labels;
    private volatile IReadOnlyDictionary<string, string>? _fields;

    private ObjectView(StoredObject stored)
    {
        _stored = stored;
        _wire = new(() => StoredForm.ToWire(stored.Value.Span, stored.Revision));
        _labels = new(ReadLabels);
    }

    public long Revision => _stored.Revision;

    /// <summary>What clients get.</summary>
    public byte[] Wire => _wire.Value;

    public IReadOnlyDictionary<string, string> Labels => _labels.Value;

    public static ObjectView Of(StoredObject stored) => stored.Derive(static s => new ObjectView(s));

    /// <summary>A fresh tree, for whoever asks to change.</summary>
    public JsonObject Document()
    {
        var document = (JsonObject)DocumentParser.Parse(_stored.Value.Span)!;
        document.Metadata()["resourceVersion"] = $"{Revision}";
        return document;
    }

    /// <summary>The metadata alone, which stands at the beginning, as a tree of its own.</summary>
    public JsonObject Metadata() => DocumentParser.Member(_stored.Value.Span, "metadata"u8) as JsonObject ?? [];

    /// <summary>Whether its deletion was asked for. Most objects do not have the word in them.</summary>
    public bool IsDeleting => _stored.Value.Span.IndexOf("\"deletionTimestamp\""u8) >= 0 && Metadata()["deletionTimestamp"] is not null;

    /// <summary>The same state as it is told of when it is over: under the revision that ended it.</summary>
    public byte[] WireAt(long revision) => StoredForm.ToWire(_stored.Value.Span, revision);

    /// <summary>One of the fields that selectors may name; empty when it is not there.</summary>
    public string Field(ServedKind kind, string path) => Fields(kind).GetValueOrDefault(path, "");

    public bool Matches(ServedKind kind, Selector selector) =>
        (selector.Labels.IsEverything || selector.Labels.Matches(Labels))
        && (selector.Fields.IsEverything || selector.Fields.Matches(Fields(kind)));

    private IReadOnlyDictionary<string, string> Fields(ServedKind kind)
    {
        if (_fields is { } known) return known;
        var document = (JsonObject)DocumentParser.Parse(_stored.Value.Span)!;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in SelectableFields.Of(kind)) fields[path] = FieldText(document, path);
        return _fields = fields;
    }

    private static string FieldText(JsonObject document, string path)
    {
        JsonNode? at = document;
        foreach (string name in path.Split('.')) at = (at as JsonObject)?[name];
        return at switch
        {
            JsonValue value when value.TryGetValue(out string? text) => text,
            JsonValue value => value.ToJsonString(),
            // The two flags among the selectable fields are false when they are not there.
            _ when path is "spec.hostNetwork" or "spec.unschedulable" => "false",
            _ => "",
        };
    }

    private Dictionary<string, string> ReadLabels()
    {
        if (Metadata().Child("labels") is not { Count: > 0 } labels) return None;
        var read = new Dictionary<string, string>(labels.Count, StringComparer.Ordinal);
        foreach (var (name, _) in labels) read[name] = labels.Text(name);
        return read;
    }
}
