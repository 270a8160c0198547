using Margay.Linux.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Margay.Linux.Sockets;

/// <summary>
/// A connection to a Unix stream socket with blocking calls and nothing around it: for a process that lives for a
/// millisecond, in which the framework's sockets would be a third of the time.
/// </summary>
public sealed class UnixConnection : SafeHandleMinusOneIsInvalid
{
    private UnixConnection(int descriptor) : base(true) => SetHandle(descriptor);

    /// <summary>Connects; null when nobody listens there, for whatever reason.</summary>
    public static UnixConnection? TryConnect(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var connection = new UnixConnection(Libc.Socket(Libc.AF_UNIX, Libc.SOCK_STREAM, 0));
        if (Libc.ConnectUnix(connection, path) == 0) return connection;
        connection.Dispose();
        return null;
    }

    /// <summary>Sends all of it; false when the other side is gone.</summary>
    public bool TrySend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = Libc.SendPart(this, bytes);
            if (sent <= 0) return false;
            bytes = bytes[sent..];
        }
        return true;
    }

    /// <summary>Fills the buffer; false when the other side ends before, or nothing comes for so long.</summary>
    /// <param name="buffer">What to fill.</param>
    /// <param name="silence">The longest wait for the next bytes.</param>
    public bool TryFill(Span<byte> buffer, TimeSpan silence)
    {
        while (!buffer.IsEmpty)
        {
            if (!Libc.WaitReadable(this, (int)silence.TotalMilliseconds)) return false;
            int got = Libc.Receive(this, buffer, 0);
            if (got <= 0) return false;
            buffer = buffer[got..];
        }
        return true;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close(handle);
}
