using System.Text.Json.Nodes;
using Google.Protobuf;

namespace Margay.ApiServer.Rest;

/// <summary>
/// Reads objects in Kubernetes' protobuf form: four magic bytes, an envelope that says the kind, and the message. Answers are always
/// JSON, which every client takes. Nothing is dropped silently: a kind or a field that is not known here is refused.
/// </summary>
internal static class ProtobufForm
{
    /// <summary>The media type.</summary>
    public const string Type = "application/vnd.kubernetes.protobuf";

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Reads an object.</summary>
    /// <exception cref="FormatException">It is broken.</exception>
    /// <exception cref="NotSupportedException">It is of a kind or has a field that is not known here.</exception>
    public static JsonObject Parse(byte[] body)
    {
        if (!body.AsSpan().StartsWith(Magic)) throw new FormatException("the protobuf body does not begin with the bytes k8s\\0");
        try
        {
            return Envelope(new CodedInputStream(body, Magic.Length, body.Length - Magic.Length));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static JsonObject Envelope(CodedInputStream input)
    {
        (string apiVersion, string kind) = ("", "");
        ByteString raw = ByteString.Empty;
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: (apiVersion, kind) = TypeMeta(input.ReadBytes()); break;
                case 2: raw = input.ReadBytes(); break;
                default: input.SkipLastField(); break;
            }
        }

        JsonObject value = Message(raw, kind);
        value["apiVersion"] = apiVersion;
        value["kind"] = kind;
        return value;
    }

    private static (string ApiVersion, string Kind) TypeMeta(ByteString bytes)
    {
        (string apiVersion, string kind) = ("", "");
        CodedInputStream input = bytes.CreateCodedInput();
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: apiVersion = input.ReadString(); break;
                case 2: kind = input.ReadString(); break;
                default: input.SkipLastField(); break;
            }
        }

        return (apiVersion, kind);
    }

    private static JsonObject Message(ByteString bytes, string type)
    {
        IReadOnlyDictionary<int, ProtobufField> fields = ProtobufTypes.Find(type)
            ?? throw new NotSupportedException($"{type} is not understood as protobuf here; send it as JSON");
        var value = new JsonObject();
        CodedInputStream input = bytes.CreateCodedInput();
        while (input.ReadTag() is var tag && tag != 0)
        {
            int number = WireFormat.GetTagFieldNumber(tag);
            if (!fields.TryGetValue(number, out ProtobufField? field))
                throw new NotSupportedException($"field {number} of {type} is not understood as protobuf here; send it as JSON");
            if (field.Shape == ProtobufShape.Ignored) input.SkipLastField();
            else if (field.Map) Entry(value, field, input.ReadBytes());
            else if (Value(field, input) is { } read) Put(value, field, read);
        }

        return value;
    }

    private static void Put(JsonObject value, ProtobufField field, JsonNode read)
    {
        if (!field.Repeated) value[field.Name] = read;
        else if (value[field.Name] is JsonArray list) list.Add(read);
        else value[field.Name] = new JsonArray(read);
    }

    /// <summary>An entry of a map is a message of a key and a value.</summary>
    private static void Entry(JsonObject value, ProtobufField field, ByteString bytes)
    {
        string key = "";
        JsonNode content = "";
        CodedInputStream input = bytes.CreateCodedInput();
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1) key = input.ReadString();
            else content = field.Shape == ProtobufShape.Bytes ? input.ReadBytes().ToBase64() : input.ReadString();
        }

        value.Ensure(field.Name)[key] = content;
    }

    /// <summary>A value, or null for what JSON leaves out.</summary>
    private static JsonNode? Value(ProtobufField field, CodedInputStream input) => field.Shape switch
    {
        ProtobufShape.Text => input.ReadString() is var text && (text.Length > 0 || field.Keeps) ? text : null,
        // 0 means something where absence means something else.
        ProtobufShape.Whole => input.ReadInt64() is var number && (number != 0 || field.Name == "gracePeriodSeconds") ? number : null,
        ProtobufShape.Flag => input.ReadBool(),
        ProtobufShape.Bytes => input.ReadBytes().ToBase64(),
        ProtobufShape.Time => Time(input.ReadBytes()),
        ProtobufShape.IntOrString => IntOrString(input.ReadBytes()),
        ProtobufShape.Json => Json(input.ReadBytes()),
        ProtobufShape.Message => Message(input.ReadBytes(), field.Type) is { Count: > 0 } message ? message : null,
        _ => throw new System.Diagnostics.UnreachableException($"No reader for {field.Shape}."),
    };

    private static JsonNode? Time(ByteString bytes)
    {
        CodedInputStream input = bytes.CreateCodedInput();
        long? seconds = null;
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1) seconds = input.ReadInt64();
            else input.SkipLastField();
        }

        return seconds is { } given ? ObjectContext.Stamp(DateTimeOffset.FromUnixTimeSeconds(given)) : null;
    }

    private static JsonNode? IntOrString(ByteString bytes)
    {
        CodedInputStream input = bytes.CreateCodedInput();
        long number = 0;
        string text = "";
        bool isText = false;
        while (input.ReadTag() is var tag && tag != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1: isText = input.ReadInt64() == 1; break;
                case 2: number = input.ReadInt32(); break;
                case 3: text = input.ReadString(); break;
                default: input.SkipLastField(); break;
            }
        }

        if (isText) return text;
        return number == 0 ? null : number;
    }

    /// <summary>A message with JSON in its only field.</summary>
    private static JsonNode? Json(ByteString bytes)
    {
        CodedInputStream input = bytes.CreateCodedInput();
        JsonNode? value = null;
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1) value = DocumentParser.Parse(input.ReadBytes().Span);
            else input.SkipLastField();
        }

        return value;
    }
}
