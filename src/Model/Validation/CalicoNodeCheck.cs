using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of nodes as calicoctl writes them.</summary>
internal static class CalicoNodeCheck
{
    private const int KeyBytes = 32;

    public static void Check(Findings findings, CalicoNode node)
    {
        var (spec, path) = (node.Spec, FieldPath.Spec);
        if (spec.Bgp is { } bgp)
            CheckBgp(findings, path.Child("bgp"), bgp);
        Networks.Address(findings, path.Child("ipv4VXLANTunnelAddr"), spec.Ipv4VXLANTunnelAddr, IpFamily.V4);
        Networks.Address(findings, path.Child("ipv6VXLANTunnelAddr"), spec.Ipv6VXLANTunnelAddr, IpFamily.V6);
        Texts.Name(findings, path.Child("vxlanTunnelMACAddr"), spec.VxlanTunnelMACAddr, Names.Mac);
        Texts.Name(findings, path.Child("vxlanTunnelMACAddrV6"), spec.VxlanTunnelMACAddrV6, Names.Mac);
        var wireguard = path.Child("wireguard");
        Networks.Address(findings, wireguard.Child("interfaceIPv4Address"), spec.Wireguard?.InterfaceIPv4Address, IpFamily.V4);
        Networks.Address(findings, wireguard.Child("interfaceIPv6Address"), spec.Wireguard?.InterfaceIPv6Address, IpFamily.V6);
        findings.Each(path.Child("addresses"), spec.Addresses, (at, address) =>
        {
            if (string.IsNullOrEmpty(address.Address))
                findings.Required(at.Child("address"), "");
            Networks.StrictOrAddress(findings, at.Child("address"), address.Address);
            Texts.Word(findings, at.Child("type"), address.Type, "CalicoNodeIP", "InternalIP", "ExternalIP");
        });
        findings.Each(path.Child("interfaces"), spec.Interfaces, (at, item) => Texts.Name(findings, at.Child("name"), item.Name));
        CheckKey(findings, FieldPath.Of("status").Child("wireguardPublicKey"), node.Status?.WireguardPublicKey);
        CheckKey(findings, FieldPath.Of("status").Child("wireguardPublicKeyV6"), node.Status?.WireguardPublicKeyV6);
    }

    private static void CheckBgp(Findings findings, FieldPath path, NodeBGPSpec bgp)
    {
        if (bgp is { AsNumber: null, Ipv4Address: null or "", Ipv6Address: null or "", Ipv4IPIPTunnelAddr: null or "", RouteReflectorClusterID: null or "" })
            findings.Invalid(path, "", "must not be empty", $"remove {path}, or give the node an address");
        AsNumbers.Check(findings, path.Child("asNumber"), bgp.AsNumber);
        Networks.AddressInNetwork(findings, path.Child("ipv4Address"), bgp.Ipv4Address, IpFamily.V4);
        Networks.AddressInNetwork(findings, path.Child("ipv6Address"), bgp.Ipv6Address, IpFamily.V6);
        Networks.Address(findings, path.Child("ipv4IPIPTunnelAddr"), bgp.Ipv4IPIPTunnelAddr, IpFamily.V4);
        Networks.Address(findings, path.Child("routeReflectorClusterID"), bgp.RouteReflectorClusterID, IpFamily.V4);
    }

    private static void CheckKey(Findings findings, FieldPath path, string? key)
    {
        if (string.IsNullOrEmpty(key))
            return;
        Span<byte> bytes = stackalloc byte[KeyBytes + 1];
        if (!Convert.TryFromBase64String(key, bytes, out int count) || count != KeyBytes)
            findings.Invalid(path, key, "must be a WireGuard key: 32 bytes in base64");
    }
}
