using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    private static partial int NativeSocketName(SafeHandle socket, out NetlinkAddress address, ref int length);

    /// <summary>getsockname(2) of a netlink socket that is bound: the port id that the kernel picked.</summary>
    internal static uint PortOf(SafeHandle socket)
    {
        int length = Unsafe.SizeOf<NetlinkAddress>();
        return NativeSocketName(socket, out var address, ref length) == 0 ? address.PortId : throw LinuxException.LastError("getsockname(netlink)");
    }
}
