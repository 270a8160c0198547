using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    internal const int SOL_SOCKET = 1;
    internal const int SO_SNDBUF = 7;
    internal const int SO_RCVBUF = 8;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int SOL_NETLINK = 270;
    internal const int NETLINK_ADD_MEMBERSHIP = 1;
    internal const int NETLINK_CAP_ACK = 10;
    internal const int NETLINK_EXT_ACK = 11;
    internal const int NETLINK_GET_STRICT_CHK = 12;

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int NativeSetSocketOption(SafeHandle socket, int level, int option, in int value, int length);

    /// <summary>setsockopt(2) with an int; false when refused, with the error number kept for the thread.</summary>
    internal static bool TrySetSocketOption(SafeHandle socket, int level, int option, int value) =>
        NativeSetSocketOption(socket, level, option, in value, sizeof(int)) == 0;
}
