using System.Buffers;
using System.Text;
using System.Text.Json;
using Margay.Foundation.Primitives;
using Margay.Linux.Route;

namespace Margay.Node.Cluster;

/// <summary>
/// The interfaces of a node as its annotation has them, in upstream's form: <c>[{"name":"eth0","addresses":["192.0.2.1"]}]</c>, by
/// name. Templates of automatic host endpoints choose among them.
/// </summary>
internal static class NodeInterfaces
{
    /// <summary>The annotation.</summary>
    public const string Annotation = "projectcalico.org/Interfaces";

    // Pods' and bridges' ends, tunnels and inner interfaces of other programs, as upstream leaves them out: no way into the node.
    private static readonly string[] _inner =
    [
        "docker", "cbr", "dummy", "podman", "virbr", "lxcbr", "veth", "br-", "cali", "tunl", "flannel", "kube-ipvs", "cni", "vxlan.calico", "vxlan-v6.calico",
        "wireguard.cali", "wg-v6.cali", "nodelocaldns",
    ];

    private static readonly IpPrefix _linkLocal = IpPrefix.Parse("fe80::/10");

    /// <summary>Reads them in the caller's network namespace.</summary>
    /// <param name="podPrefix">What the names of pods' interfaces start with where another plugin wires them; null: they are ours.</param>
    public static string Read(string? podPrefix)
    {
        using var netlink = RouteNetlink.Open();
        return Text(netlink.ListLinks(), netlink.ListAddresses(), podPrefix);
    }

    /// <summary>Writes them. Pure.</summary>
    public static string Text(IReadOnlyList<Link> links, IReadOnlyList<InterfaceAddress> addresses, string? podPrefix)
    {
        var byLink = addresses.Where(a => !IsOfTheLinkAlone(a.Address)).ToLookup(a => a.Interface, a => a.Address);
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text);
        json.WriteStartArray();
        foreach (var link in links.Where(l => IsOuter(l.Name, podPrefix)).OrderBy(l => l.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, link.Name);
            json.WriteStartArray("addresses"u8);
            foreach (var address in byLink[link.Index]) json.WriteStringValue(address.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static bool IsOuter(string name, string? podPrefix) =>
        name != "lo" && !_inner.Any(inner => name.StartsWith(inner, StringComparison.Ordinal)) && !(podPrefix is { Length: > 0 } && name.StartsWith(podPrefix, StringComparison.Ordinal));

    // Every interface has one, and no packet from elsewhere is for it.
    private static bool IsOfTheLinkAlone(IpAddr address) => address.Family == IpFamily.V6 && _linkLocal.Contains(address);
}
