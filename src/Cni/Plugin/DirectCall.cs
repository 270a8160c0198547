using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Margay.Cni.Protocol;
using Margay.Cni.Wire;
using Margay.Linux.Sockets;

namespace Margay.Cni.Plugin;

/// <summary>
/// The usual call, in a process that lives for a millisecond: the service is there and answers. The configuration is looked
/// at and not taken apart, the answer is printed as it comes. Whatever is unusual is left to <see cref="CniPlugin"/>, which
/// begins anew: nothing has been said then, and every verb may be repeated.
/// </summary>
internal static class DirectCall
{
    /// <summary>Asks the service and prints its answer.</summary>
    /// <returns>The exit code; null when the call is not a usual one, or the service did not answer.</returns>
    public static int? TryServe(CniEnvironment environment, byte[] document, Stream output)
    {
        if (PatienceFor(environment.Command) is not { } patience || DirectConfig.TryFindSocket(document) is not { } socket) return null;
        using var connection = UnixConnection.TryConnect(socket);
        if (connection is null || !connection.TrySend(Frame(environment, document))) return null;
        Span<byte> header = stackalloc byte[4];
        if (!connection.TryFill(header, patience)) return null;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (length is 0 or > CniWire.MaxDocument) return null;
        byte[] response = new byte[length];
        return connection.TryFill(response, patience) ? TryPrint(response, output) : null;
    }

    private static TimeSpan? PatienceFor(string command) => command switch
    {
        "ADD" or "GC" => TimeSpan.FromSeconds(60),
        "DEL" => TimeSpan.FromSeconds(20),
        "CHECK" or "STATUS" => TimeSpan.FromSeconds(10),
        _ => null,
    };

    // CniWireRequest, with the document as it stands.
    private static ReadOnlySpan<byte> Frame(CniEnvironment environment, byte[] document)
    {
        var buffer = new ArrayBufferWriter<byte>(document.Length + 1024);
        buffer.Advance(4);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("protocol"u8, CniWire.Protocol);
            json.WriteStartObject("environment"u8);
            json.WriteString("command"u8, environment.Command);
            json.WriteString("containerId"u8, environment.ContainerId);
            json.WriteString("netNs"u8, environment.NetNs);
            json.WriteString("ifName"u8, environment.IfName);
            json.WriteString("args"u8, environment.Args);
            json.WriteEndObject();
            json.WritePropertyName("config"u8);
            json.WriteRawValue(document, skipInputValidation: true);
            json.WriteEndObject();
        }
        byte[] frame = buffer.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }

    // CniWireResponse, of which only two members matter here.
    private static int? TryPrint(byte[] response, Stream output)
    {
        bool failed = false;
        var answer = ReadOnlySpan<byte>.Empty;
        try
        {
            var reader = new Utf8JsonReader(response);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isFailed = reader.ValueTextEquals("failed"u8), isOutput = reader.ValueTextEquals("output"u8);
                reader.Read();
                int start = (int)reader.TokenStartIndex;
                if (isFailed) failed = reader.TokenType == JsonTokenType.True;
                bool isNull = reader.TokenType == JsonTokenType.Null;
                reader.Skip();
                if (isOutput && !isNull) answer = response.AsSpan(start, (int)reader.BytesConsumed - start);
            }
        }
        catch (JsonException)
        {
            return null;
        }
        output.Write(answer);
        return failed ? 1 : 0;
    }
}
