using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    internal const int FD_CLOEXEC = 1;
    private const int F_SETFD = 2;

    /// <summary>Sets a descriptor's flags (fcntl(2), F_SETFD).</summary>
    internal static void SetDescriptorFlags(SafeHandle descriptor, int flags)
    {
        if (Fcntl(descriptor, F_SETFD, flags) < 0) throw LinuxException.LastError("fcntl(F_SETFD)");
    }

    // Variadic in C; on the architectures we build for, an int goes the same way as a fixed argument.
    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(SafeHandle descriptor, int command, int argument);
}
