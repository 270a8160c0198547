namespace Margay.Linux.Netlink;

/// <summary>A netlink message whose lengths or values cannot be right.</summary>
/// <param name="message">What is wrong with it.</param>
public sealed class MalformedNetlinkException(string message) : Exception(message);
