using Margay.Foundation.Primitives;
using Margay.Linux.Route;

namespace Margay.Node.Connections;

/// <summary>The addresses of the node itself, read when they are needed: they change rarely, and nobody says when.</summary>
internal static class HostAddresses
{
    /// <summary>All addresses of all interfaces of this network namespace.</summary>
    public static IReadOnlySet<IpAddr> Read()
    {
        using var netlink = RouteNetlink.Open();
        return netlink.ListAddresses().Select(address => address.Address).ToHashSet();
    }
}
