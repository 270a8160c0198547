using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint NativeReceive(SafeHandle socket, Span<byte> buffer, nint length, int flags);

    /// <summary>
    /// recv(2) of one datagram: its whole length, which with <see cref="MSG_TRUNC"/> may exceed the buffer, or the
    /// negative error number. Interruptions are repeated.
    /// </summary>
    internal static int Receive(SafeHandle socket, Span<byte> buffer, int flags)
    {
        while (true)
        {
            nint length = NativeReceive(socket, buffer, buffer.Length, flags);
            if (length >= 0) return (int)length;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR) return -errno;
        }
    }
}
