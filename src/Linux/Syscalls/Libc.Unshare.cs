using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int NativeUnshare(int flags);

    /// <summary>unshare(2): moves the calling thread, and only it, into a new namespace of its own.</summary>
    internal static void Unshare(int flags)
    {
        if (NativeUnshare(flags) != 0) throw LinuxException.LastError($"unshare(0x{flags:x})");
    }
}
