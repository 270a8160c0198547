using Margay.Linux.Syscalls;

namespace Margay.Linux.Netlink;

/// <summary>The kernel refused a netlink request.</summary>
/// <param name="errno">The positive error number.</param>
/// <param name="attempt">What was asked.</param>
/// <param name="detail">The kernel's words, or null.</param>
/// <param name="messageIndex">Which message of the batch was refused, from 0; -1 when it was the batch as a whole.</param>
public sealed class NetlinkException(int errno, string attempt, string? detail, int messageIndex = 0)
    : LinuxException(errno, attempt, detail)
{
    /// <summary>Which message of the batch was refused, from 0; -1 when it was the batch as a whole.</summary>
    public int MessageIndex { get; } = messageIndex;
}
