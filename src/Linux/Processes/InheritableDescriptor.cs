using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Margay.Linux.Processes;

/// <summary>Lets programs started from now on keep a file descriptor (fcntl(2), FD_CLOEXEC), as socket activation does.</summary>
public static partial class InheritableDescriptor
{
    private const int F_SETFD = 2;
    private const int FD_CLOEXEC = 1;

    /// <summary>Says whether programs that this process starts get the descriptor.</summary>
    public static void Set(SafeHandle handle, bool inherit)
    {
        if (Fcntl((int)handle.DangerousGetHandle(), F_SETFD, inherit ? 0 : FD_CLOEXEC) == 0) return;
        int error = Marshal.GetLastPInvokeError();
        throw new Win32Exception(error, $"fcntl(F_SETFD): {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Fcntl(int descriptor, int command, int argument);
}
