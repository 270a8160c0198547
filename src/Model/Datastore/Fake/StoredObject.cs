using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Fake;

/// <summary>An object as bytes, so that nobody can change it by changing what was read.</summary>
internal sealed record StoredObject(KindInfo Kind, ResourceKey Key, long Version, byte[] Json)
{
    public string Path => PathOf(Key);

    public static string PathOf(ResourceKey key) => $"{key.ApiVersion}/{key.Kind}/{key.Namespace}/{key.Name}";

    public JsonObject Tree() => (JsonObject)JsonNode.Parse(Json)!;
}

/// <summary>One change, with the state before it. A bookmark has neither.</summary>
internal sealed record Change(long Version, WatchEventType Type, StoredObject? After, StoredObject? Before);

/// <summary>Which objects a list or watch shows.</summary>
internal sealed class StoredFilter
{
    private readonly KindInfo _kind;
    private readonly string? _namespace;
    private readonly LabelQuery _labels;
    private readonly FieldQuery _fields;

    public StoredFilter(KindInfo kind, Scope scope)
    {
        if (!LabelQuery.TryParse(scope.LabelSelector, out var labels))
            throw new ApiException(400, StatusReason.BadRequest, $"invalid label selector: {scope.LabelSelector}");
        (_kind, _namespace, _labels, _fields) = (kind, scope.Namespace, labels, new FieldQuery(scope.FieldSelector));
    }

    public bool Matches(StoredObject stored) =>
        stored.Key.Kind == _kind.Kind && stored.Key.ApiVersion == _kind.ApiVersion &&
        (string.IsNullOrEmpty(_namespace) || !_kind.Namespaced || stored.Key.Namespace == _namespace) &&
        _labels.Matches(_kind.Read(stored.Json).Metadata.Labels) && _fields.Matches(stored.Tree());

    /// <summary>What a change means to this watch: an object that begins to match is new, one that ceases is gone.</summary>
    public WatchEvent? Translate(Change change)
    {
        if (change.After is null)
        {
            var mark = _kind.Read("{}"u8);
            mark.Metadata.ResourceVersion = change.Version.ToString(System.Globalization.CultureInfo.InvariantCulture);
            return new WatchEvent(WatchEventType.Bookmark, mark);
        }

        bool before = change.Before is not null && Matches(change.Before);
        bool after = change.Type != WatchEventType.Deleted && Matches(change.After);
        return (before, after) switch
        {
            (false, false) => null,
            (false, true) => new WatchEvent(WatchEventType.Added, _kind.Read(change.After.Json)),
            (true, true) => new WatchEvent(WatchEventType.Modified, _kind.Read(change.After.Json)),
            (true, false) => new WatchEvent(WatchEventType.Deleted, _kind.Read(change.After.Json)),
        };
    }
}
