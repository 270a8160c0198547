using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int NativeClose(int descriptor);

    /// <summary>close(2); for <see cref="SafeHandle"/>s only.</summary>
    internal static bool Close(nint descriptor) => NativeClose((int)descriptor) == 0;
}
