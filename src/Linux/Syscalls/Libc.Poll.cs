using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

internal static partial class Libc
{
    private const short POLLIN = 1;

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int NativePoll(ref PollDescriptor descriptors, nuint count, int timeoutMilliseconds);

    /// <summary>poll(2) for something to read (or an error to fetch); false when the time passed or a signal came.</summary>
    internal static bool WaitReadable(SafeHandle handle, int timeoutMilliseconds)
    {
        bool added = false;
        try
        {
            handle.DangerousAddRef(ref added);
            var descriptor = new PollDescriptor { Descriptor = (int)handle.DangerousGetHandle(), Events = POLLIN };
            int ready = NativePoll(ref descriptor, 1, timeoutMilliseconds);
            if (ready < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR) throw LinuxException.LastError("poll");
            return ready > 0;
        }
        finally
        {
            if (added) handle.DangerousRelease();
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        internal int Descriptor;
        internal short Events;
        internal short Returned;
    }
}
