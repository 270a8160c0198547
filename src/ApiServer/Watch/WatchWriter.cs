using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Watch;

/// <summary>Writes the events of one watch, one JSON document a line.</summary>
internal sealed class WatchWriter(ObjectRequest request, TimeProvider time)
{
    public const string Added = "ADDED";
    private const string Modified = "MODIFIED";
    private const string Deleted = "DELETED";

    private bool _headersTold;

    /// <summary>
    /// A change as this watch sees it. What no longer matches the selector, or is out of sight now, is deleted for the watcher,
    /// and what matches now is added. An object that is gone is told as it last was, under the revision of its end.
    /// </summary>
    public void Change(IBufferWriter<byte> output, StorageEvent change, ListOptions options)
    {
        bool was = change.Previous is { } previous && options.Wants(request.Kind, ObjectView.Of(previous));
        bool now = change.Current is { } current && options.Wants(request.Kind, ObjectView.Of(current));
        if (now) Object(output, was ? Modified : Added, ObjectView.Of(change.Current!).Wire);
        else if (was) Object(output, Deleted, ObjectView.Of(change.Previous!).WireAt(change.Revision));
    }

    public void Object(IBufferWriter<byte> output, string type, byte[] wire)
    {
        byte[] shaped = wire;
        if (request.Form.Shape != AnswerShape.Object)
        {
            var document = (JsonObject)DocumentParser.Parse(wire)!;
            shaped = StoredForm.Render(Presentation.Shape(request, document, time.GetUtcNow(), headers: !_headersTold));
            _headersTold = true;
        }
        Line(output, type, shaped);
    }

    /// <summary>Tells how far the watch is, so that a client that comes back need not start over.</summary>
    public void Bookmark(IBufferWriter<byte> output, long revision, bool endOfInitial)
    {
        var metadata = new JsonObject { ["resourceVersion"] = $"{revision}", ["creationTimestamp"] = null };
        if (endOfInitial) metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var document = new JsonObject { ["kind"] = request.Kind.Gvk.Kind, ["apiVersion"] = request.Kind.Gvk.ApiVersion, ["metadata"] = metadata };
        JsonObject shaped = request.Form.Shape == AnswerShape.Object
            ? document
            : Presentation.Shape(request, document, time.GetUtcNow(), headers: !_headersTold);
        Line(output, "BOOKMARK", StoredForm.Render(shaped));
    }

    public static void Error(IBufferWriter<byte> output, ApiException failure) => Line(output, "ERROR", StoredForm.Render(failure.ToStatus()));

    private static void Line(IBufferWriter<byte> output, string type, byte[] body)
    {
        Encoding.UTF8.GetBytes($"{{\"type\":\"{type}\",\"object\":", output);
        output.Write(body);
        output.Write("}\n"u8);
    }
}
