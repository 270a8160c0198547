using Margay.Cni.Protocol;
using Margay.Cni.Wiring;
using Margay.Foundation.Primitives;

namespace Margay.Cni.Server;

/// <summary>What ADD tells the runtime about a pod that <see cref="PodWiring"/> connected.</summary>
public static class PodResult
{
    /// <summary>Makes the result.</summary>
    public static CniResult From(PodWiringRequest request, PodWiringResult wiring)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(wiring);
        return new CniResult
        {
            Interfaces =
            [
                new CniInterface { Name = wiring.HostInterface, Mac = PodGateway.HostMac.ToString(), Mtu = wiring.Mtu },
                new CniInterface { Name = request.Mark.IfName, Mac = wiring.PodMac.ToString(), Mtu = wiring.Mtu, Sandbox = request.NetNs },
            ],
            Ips = [.. request.Addresses.Select(a => new CniIpConfig { Address = a.ToPrefix().ToString(), Gateway = PodGateway.For(a.Family).ToString(), Interface = 1 })],
            Routes = [.. request.Families.Select(f => new CniRoute { Dst = new IpPrefix(IpAddr.FromValue(0, f), 0).ToString(), Gw = PodGateway.For(f).ToString() })],
        };
    }
}
