using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Cni.Wire;

/// <summary>
/// The conversation between plugin and node service on a Unix stream socket: one request, one response, both a JSON
/// document after its length in 4 bytes, network order. Unknown members are ignored on both sides.
/// </summary>
public static class CniWire
{
    /// <summary>The number of the protocol that this code speaks.</summary>
    public const int Protocol = 1;

    /// <summary>Documents are a few hundred bytes; GC lists every container of the node.</summary>
    public const int MaxDocument = 4 << 20;

    /// <summary>Sends a document; blocks.</summary>
    public static void Send(Socket socket, ReadOnlySpan<byte> document)
    {
        ArgumentNullException.ThrowIfNull(socket);
        byte[] frame = Frame(document);
        for (int sent = 0; sent < frame.Length;)
            sent += socket.Send(frame.AsSpan(sent), SocketFlags.None);
    }

    /// <summary>Receives a document; blocks.</summary>
    /// <exception cref="EndOfStreamException">The other side closed before the end.</exception>
    /// <exception cref="InvalidDataException">The length is absurd.</exception>
    public static byte[] Receive(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        Span<byte> header = stackalloc byte[4];
        Fill(socket, header);
        byte[] document = new byte[CheckLength(BinaryPrimitives.ReadUInt32BigEndian(header))];
        Fill(socket, document);
        return document;
    }

    /// <summary>Sends a document.</summary>
    public static async ValueTask SendAsync(Stream stream, ReadOnlyMemory<byte> document, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(stream);
        await stream.WriteAsync(Frame(document.Span), stop);
    }

    /// <summary>Receives a document; exceptions as <see cref="Receive"/>.</summary>
    public static async ValueTask<byte[]> ReceiveAsync(Stream stream, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] header = new byte[4];
        await stream.ReadExactlyAsync(header, stop);
        byte[] document = new byte[CheckLength(BinaryPrimitives.ReadUInt32BigEndian(header))];
        await stream.ReadExactlyAsync(document, stop);
        return document;
    }

    private static byte[] Frame(ReadOnlySpan<byte> document)
    {
        CheckLength((uint)document.Length);
        byte[] frame = new byte[4 + document.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, document.Length);
        document.CopyTo(frame.AsSpan(4));
        return frame;
    }

    private static int CheckLength(uint length) => length is > 0 and <= MaxDocument
        ? (int)length
        : throw new InvalidDataException($"A document of {length} bytes is not between 1 and {MaxDocument}.");

    private static void Fill(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int got = socket.Receive(buffer, SocketFlags.None);
            if (got == 0) throw new EndOfStreamException("The other side closed the connection.");
            buffer = buffer[got..];
        }
    }
}

/// <summary>Source-generated JSON of the conversation.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CniWireRequest))]
[JsonSerializable(typeof(CniWireResponse))]
public sealed partial class CniWireJson : JsonSerializerContext
{
    private static CniWireJson? s_readable;

    /// <summary>For answers, which the plugin prints as they come: see <see cref="Protocol.CniJson.Readable"/>.</summary>
    public static CniWireJson Readable => s_readable ??=
        new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
