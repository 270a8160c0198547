using Margay.Foundation.Primitives;
using Margay.Linux.Route;

namespace Margay.Cni.Wiring;

/// <summary>
/// The next hop of every pod: addresses that exist nowhere, with a neighbour entry that says the host's side of the
/// pair. A pod needs no address of its node, and every pod of every node looks alike.
/// </summary>
public static class PodGateway
{
    /// <summary>The hardware address of every host interface.</summary>
    public static readonly MacAddress HostMac = MacAddress.Parse("ee:ee:ee:ee:ee:ee");

    /// <summary>The next hop for IPv4 (RFC 3927 link-local).</summary>
    public static readonly IpAddr V4 = IpAddr.Parse("169.254.1.1");

    /// <summary>The next hop for IPv6: the link-local address that follows from <see cref="HostMac"/> (RFC 4291 appendix A).</summary>
    public static readonly IpAddr V6 = IpAddr.Parse("fe80::ecee:eeff:feee:eeee");

    /// <summary>The next hop of a family.</summary>
    public static IpAddr For(IpFamily family) => family == IpFamily.V4 ? V4 : V6;
}
