using Google.Protobuf;

namespace Margay.ApiServer.OpenApi;

/// <summary>A protobuf message under construction. Fields that have their default value are left out, as proto3 does.</summary>
internal sealed class ProtoMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>Adds a string; an absent or empty one is left out.</summary>
    public ProtoMessage String(int field, string? value) => string.IsNullOrEmpty(value) ? this : Element(field, value);

    /// <summary>Adds an element of a repeated string, which stays even when it is empty.</summary>
    public ProtoMessage Element(int field, string value) => Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteString(value));

    /// <summary>Adds a truth value; false is left out.</summary>
    public ProtoMessage Bool(int field, bool value) =>
        value ? Add(field, WireFormat.WireType.Varint, output => output.WriteBool(true)) : this;

    /// <summary>Adds a message; an absent one is left out.</summary>
    public ProtoMessage Message(int field, ProtoMessage? value)
    {
        if (value is null)
            return this;
        var bytes = ByteString.CopyFrom(value.ToArray());
        return Add(field, WireFormat.WireType.LengthDelimited, output => output.WriteBytes(bytes));
    }

    /// <summary>The bytes of the message.</summary>
    public byte[] ToArray()
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes, leaveOpen: true);
        foreach (var write in _fields)
            write(output);
        output.Flush();
        return bytes.ToArray();
    }

    private ProtoMessage Add(int field, WireFormat.WireType type, Action<CodedOutputStream> value)
    {
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            value(output);
        });
        return this;
    }
}
