using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int NativeBind(SafeHandle socket, in NetlinkAddress address, int length);

    /// <summary>bind(2) of a netlink socket: the kernel picks the port id.</summary>
    internal static void Bind(SafeHandle socket, in NetlinkAddress address)
    {
        if (NativeBind(socket, in address, Unsafe.SizeOf<NetlinkAddress>()) != 0)
            throw LinuxException.LastError($"bind(netlink, groups 0x{address.Groups:x})");
    }
}

/// <summary><c>struct sockaddr_nl</c> (<c>include/uapi/linux/netlink.h</c>), 12 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NetlinkAddress
{
    internal ushort Family;
    internal ushort Padding;
    internal uint PortId;
    internal uint Groups;
}
