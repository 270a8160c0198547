using Margay.Linux.Namespaces;

namespace Margay.Node;

/// <summary>A node is a router for its pods.</summary>
internal static class Forwarding
{
    /// <summary>Switches forwarding on for both families; a kernel without IPv6 has no such switch.</summary>
    public static void Enable()
    {
        Sysctl.Write("net/ipv4/ip_forward", "1");
        if (Directory.Exists("/proc/sys/net/ipv6")) Sysctl.Write("net/ipv6/conf/all/forwarding", "1");
    }
}
