using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Crd;

/// <summary>
/// Selects objects here, since the labels of most are in an annotation that the API server does not look into.
/// </summary>
internal sealed class CrdFilter
{
    private readonly CrdKind _kind;
    private readonly LabelQuery _labels;
    private readonly FieldQuery? _fields;

    public CrdFilter(CrdKind kind, Scope scope)
    {
        if (!LabelQuery.TryParse(scope.LabelSelector, out var labels))
            throw new ApiException(400, StatusReason.BadRequest, $"invalid label selector: {scope.LabelSelector}");
        (_kind, _labels) = (kind, labels);
        _fields = string.IsNullOrEmpty(scope.FieldSelector) ? null : new FieldQuery(scope.FieldSelector);
    }

    public bool Matches(Resource value) =>
        _labels.Matches(value.Metadata.Labels) &&
        (_fields is null || _fields.Matches((JsonObject)JsonSerializer.SerializeToNode(value, _kind.Api.TypeInfo)!));

    /// <summary>
    /// What happened, in the other form. Whether an object matched before it changed is not known here: what does not match
    /// (any more) is told as gone, which a reader that never had it passes over.
    /// </summary>
    public WatchEvent Translate(WatchEvent happened)
    {
        if (happened.Type == WatchEventType.Bookmark)
        {
            var mark = _kind.Api.Read("{}"u8);
            mark.Metadata.ResourceVersion = happened.Value.Metadata.ResourceVersion;
            return new WatchEvent(WatchEventType.Bookmark, mark);
        }

        var value = CrdCodec.ToApi(_kind, happened.Value);
        return new WatchEvent(Matches(value) ? happened.Type : WatchEventType.Deleted, value);
    }
}
