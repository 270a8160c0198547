using System.Buffers;
using System.Text.Json;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Kube;

/// <summary>Reads the lines of a watch straight from the bytes that arrived.</summary>
internal static class WatchDecoder
{
    /// <summary>Takes whole lines off the front of a buffer; what is left begins an incomplete one.</summary>
    /// <exception cref="ApiException">The server reported an error.</exception>
    /// <exception cref="JsonException">A line is no event of this kind.</exception>
    public static List<WatchEvent> TakeEvents(KindInfo kind, ref ReadOnlySequence<byte> buffer)
    {
        var events = new List<WatchEvent>();
        while (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            if (line.Length > 1)
                events.Add(Decode(kind, line));
        }

        return events;
    }

    private static WatchEvent Decode(KindInfo kind, in ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        Utf8JsonReader value = default;
        bool hasValue = false;
        WatchEventType? type = null;
        bool failed = false;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                failed = reader.ValueTextEquals("ERROR"u8);
                type = TypeOf(ref reader);
            }
            else if (reader.ValueTextEquals("object"u8))
            {
                // The type decides what this is, and may come after it.
                reader.Read();
                value = reader;
                hasValue = true;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (!hasValue)
            throw new JsonException("a watch event without an object");
        if (failed)
            throw new ApiException(JsonSerializer.Deserialize(ref value, ModelJson.Default.Status) ?? new Status());
        return new WatchEvent(type ?? throw new JsonException("a watch event of unknown type"), kind.Read(ref value));
    }

    private static WatchEventType? TypeOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("ADDED"u8) ? WatchEventType.Added
        : reader.ValueTextEquals("MODIFIED"u8) ? WatchEventType.Modified
        : reader.ValueTextEquals("DELETED"u8) ? WatchEventType.Deleted
        : reader.ValueTextEquals("BOOKMARK"u8) ? WatchEventType.Bookmark
        : null;
}
