using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.ApiServer.Rest;

/// <summary>
/// The bytes of an object as storage keeps them: JSON that begins with apiVersion, kind and metadata, without the resource
/// version. That is known only once the write is committed, so it is put in on the way out, at one known place.
/// </summary>
internal static class StoredForm
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static ReadOnlySpan<byte> MetadataStart => "\"metadata\":{"u8;

    public static byte[] Write(JsonObject document)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", document.Text("apiVersion"));
            writer.WriteString("kind", document.Text("kind"));
            writer.WriteStartObject("metadata");
            foreach (var (name, value) in document.Metadata())
            {
                if (name != "resourceVersion") Property(writer, name, value);
            }
            writer.WriteEndObject();
            foreach (var (name, value) in document)
            {
                if (name is not ("apiVersion" or "kind" or "metadata")) Property(writer, name, value);
            }
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The bytes clients get: with the resource version.</summary>
    public static byte[] ToWire(ReadOnlySpan<byte> stored, long revision)
    {
        int at = stored.IndexOf(MetadataStart) + MetadataStart.Length;
        string version = string.Create(CultureInfo.InvariantCulture, $"\"resourceVersion\":\"{revision}\"");
        if (stored[at] != (byte)'}') version += ",";
        var wire = new byte[stored.Length + version.Length];
        stored[..at].CopyTo(wire);
        Encoding.ASCII.GetBytes(version, wire.AsSpan(at));
        stored[at..].CopyTo(wire.AsSpan(at + version.Length));
        return wire;
    }

    /// <summary>Any tree as the bytes of an answer.</summary>
    public static byte[] Render(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Plain)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Property(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        writer.WritePropertyName(name);
        if (value is null) writer.WriteNullValue();
        else value.WriteTo(writer);
    }
}
