using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint NativeSend(SafeHandle socket, ReadOnlySpan<byte> buffer, nint length, int flags);

    /// <summary>send(2) of one datagram; 0 or the error number. Interruptions are repeated.</summary>
    internal static int Send(SafeHandle socket, ReadOnlySpan<byte> datagram)
    {
        while (NativeSend(socket, datagram, datagram.Length, 0) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR) return errno;
        }
        return 0;
    }
}
