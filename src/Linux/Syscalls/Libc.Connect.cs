using System.Runtime.InteropServices;
using System.Text;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int SOCK_STREAM = 1;

    // struct sockaddr_un (include/uapi/linux/un.h): the family and a path that a zero byte ends.
    private const int UnixPathLength = 108;

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static partial int NativeConnect(SafeHandle socket, ReadOnlySpan<byte> address, int length);

    /// <summary>connect(2) to a Unix socket; 0 or the error number. EINVAL for a path that does not fit.</summary>
    internal static int ConnectUnix(SafeHandle socket, string path)
    {
        Span<byte> address = stackalloc byte[2 + UnixPathLength];
        address.Clear();
        MemoryMarshal.Write(address, (ushort)AF_UNIX);
        if (Encoding.UTF8.GetByteCount(path) >= UnixPathLength) return Errno.EINVAL;
        Encoding.UTF8.GetBytes(path, address[2..]);
        while (NativeConnect(socket, address, address.Length) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR) return errno;
        }
        return 0;
    }

    /// <summary>send(2) of a part of a stream; the number of bytes, or the negative error number. No signal when nobody reads.</summary>
    internal static int SendPart(SafeHandle socket, ReadOnlySpan<byte> bytes)
    {
        const int MSG_NOSIGNAL = 0x4000;
        while (true)
        {
            nint sent = NativeSend(socket, bytes, bytes.Length, MSG_NOSIGNAL);
            if (sent >= 0) return (int)sent;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR) return -errno;
        }
    }
}
