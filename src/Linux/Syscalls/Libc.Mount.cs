using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    internal const nuint MS_BIND = 0x1000;
    internal const nuint MS_REC = 0x4000;
    internal const nuint MS_SHARED = 1 << 20;

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeMount(string source, string target, string type, nuint flags, nint data);

    /// <summary>mount(2) without options; 0 or the error number.</summary>
    internal static int TryMount(string source, string target, nuint flags) =>
        NativeMount(source, target, "none", flags, 0) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>mount(2) without options.</summary>
    internal static void Mount(string source, string target, nuint flags)
    {
        if (TryMount(source, target, flags) is not 0 and var errno) throw new LinuxException(errno, $"mount({source} on {target})");
    }
}
