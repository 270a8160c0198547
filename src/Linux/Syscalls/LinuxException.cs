using System.Runtime.InteropServices;

namespace Margay.Linux.Syscalls;

/// <summary>The kernel refused something. Says what was tried and keeps the error number.</summary>
public class LinuxException : Exception
{
    /// <summary>Makes an exception from a known error number.</summary>
    /// <param name="errno">The positive error number.</param>
    /// <param name="attempt">What was tried, on what.</param>
    /// <param name="detail">The kernel's own words, when it gave some.</param>
    public LinuxException(int errno, string attempt, string? detail = null)
        : base($"{attempt}: {Syscalls.Errno.Name(errno)} ({Marshal.GetPInvokeErrorMessage(errno)})" + (detail is null ? "" : $": {detail}"))
    {
        Errno = errno;
        Attempt = attempt;
        Detail = detail;
    }

    /// <summary>The positive error number, see <see cref="Syscalls.Errno"/>.</summary>
    public int Errno { get; }

    /// <summary>What was tried, on what.</summary>
    public string Attempt { get; }

    /// <summary>The kernel's own words (netlink extended acknowledgement), or null.</summary>
    public string? Detail { get; }

    /// <summary>From the error number that the last native call of this thread left.</summary>
    public static LinuxException LastError(string attempt) => new(Marshal.GetLastPInvokeError(), attempt);
}
