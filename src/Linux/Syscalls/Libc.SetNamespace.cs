using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    internal const int CLONE_NEWNET = 0x40000000;

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int NativeSetNamespace(SafeHandle namespaceFile, int type);

    /// <summary>setns(2): moves the calling thread, and only it, into the namespace.</summary>
    internal static void SetNamespace(SafeHandle namespaceFile, int type, string path)
    {
        if (NativeSetNamespace(namespaceFile, type) != 0) throw LinuxException.LastError($"setns({path})");
    }
}
