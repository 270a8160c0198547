using System.Runtime.InteropServices;
using Margay.Linux.Syscalls;

namespace Margay.Linux.Processes;

/// <summary>Lets programs started from now on keep a file descriptor (FD_CLOEXEC of fcntl(2)), as socket activation does.</summary>
public static class InheritableDescriptor
{
    /// <summary>Says whether programs that this process starts get the descriptor.</summary>
    public static void Set(SafeHandle handle, bool inherit) => Libc.SetDescriptorFlags(handle, inherit ? 0 : Libc.FD_CLOEXEC);
}
