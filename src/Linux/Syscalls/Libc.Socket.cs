using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    internal const int AF_NETLINK = 16;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_CLOEXEC = 0x80000;

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int NativeSocket(int domain, int type, int protocol);

    /// <summary>socket(2); the descriptor, closed on exec.</summary>
    internal static int Socket(int domain, int type, int protocol) =>
        NativeSocket(domain, type | SOCK_CLOEXEC, protocol) is >= 0 and var descriptor
            ? descriptor
            : throw LinuxException.LastError($"socket({domain}, {type}, {protocol})");
}
