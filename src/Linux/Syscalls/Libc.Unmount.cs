using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    private const int MNT_DETACH = 2;

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeUnmount(string target, int flags);

    /// <summary>umount2(2) with MNT_DETACH; 0 or the error number (EINVAL: nothing is mounted there).</summary>
    internal static int TryUnmount(string target) =>
        NativeUnmount(target, MNT_DETACH) == 0 ? 0 : Marshal.GetLastPInvokeError();
}
