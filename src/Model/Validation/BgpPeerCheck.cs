using System.Globalization;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of BGP sessions.</summary>
internal static class BgpPeerCheck
{
    public static void Check(Findings findings, BGPPeer peer)
    {
        var (spec, path) = (peer.Spec, FieldPath.Spec);
        Texts.Name(findings, path.Child("node"), spec.Node);
        SelectorCheck.Plain(findings, path.Child("nodeSelector"), spec.NodeSelector);
        SelectorCheck.Plain(findings, path.Child("peerSelector"), spec.PeerSelector);
        SelectorCheck.Plain(findings, path.Child("localWorkloadSelector"), spec.LocalWorkloadSelector);
        AsNumbers.Check(findings, path.Child("asNumber"), spec.AsNumber);
        AsNumbers.Check(findings, path.Child("localASNumber"), spec.LocalASNumber);
        Texts.Duration(findings, path.Child("maxRestartTime"), spec.MaxRestartTime);
        Texts.Duration(findings, path.Child("keepaliveTime"), spec.KeepaliveTime);
        findings.Range(path.Child("ttlSecurity"), spec.TtlSecurity, 0, 255);
        findings.OneOf(path.Child("nextHopMode"), spec.NextHopMode, "Auto", "Self", "Keep");
        Texts.Word(findings, path.Child("sourceAddress"), spec.SourceAddress, "UseNodeIP", "None");
        findings.OneOf(path.Child("reversePeering"), spec.ReversePeering, "Auto", "Manual");
        findings.Each(path.Child("filters"), spec.Filters, (at, name) => Texts.Name(findings, at, name));
        CheckAddresses(findings, spec);
        CheckExclusions(findings, spec);
    }

    /// <summary>Reads an address with an optional port: <c>192.0.2.1:179</c>, <c>[2001:db8::1]:179</c>, or the address alone.</summary>
    internal static bool TryReadPeer(string text, out IpAddr address)
    {
        if (IpAddr.TryParse(text, out address))
            return true;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) || port is < 1 or > 65535)
            return false;
        string host = text[..colon];
        return host is ['[', .. var inner, ']']
            ? IpAddr.TryParse(inner, out address) && address.Family == IpFamily.V6
            : IpAddr.TryParse(host, out address) && address.Family == IpFamily.V4;
    }

    private static void CheckAddresses(Findings findings, BGPPeerSpec spec)
    {
        var (peerPath, viaPath) = (FieldPath.Spec.Child("peerIP"), FieldPath.Spec.Child("reachableBy"));
        IpAddr peer = default;
        bool hasPeer = !string.IsNullOrEmpty(spec.PeerIP);
        if (hasPeer && !TryReadPeer(spec.PeerIP!, out peer))
            findings.Invalid(peerPath, spec.PeerIP!, "must be an address, IPV4:PORT or [IPV6]:PORT with a port from 1 to 65535");
        Networks.Address(findings, viaPath, spec.ReachableBy);
        if (string.IsNullOrEmpty(spec.ReachableBy))
            return;
        if (!hasPeer)
            findings.Forbidden(viaPath, "reachableBy must be empty when peerIP is empty");
        else if (peer.Family != IpFamily.None && IpAddr.TryParse(spec.ReachableBy, out var via) && via.Family != peer.Family)
            findings.Invalid(viaPath, spec.ReachableBy, "must be of the same version of IP as peerIP");
    }

    private static void CheckExclusions(Findings findings, BGPPeerSpec spec)
    {
        var path = FieldPath.Spec;
        bool hasAs = spec.AsNumber is { } number && number.Number != 0;
        bool hasPeerIp = !string.IsNullOrEmpty(spec.PeerIP);
        bool hasPeerSelector = !string.IsNullOrEmpty(spec.PeerSelector);
        if (!string.IsNullOrEmpty(spec.Node) && !string.IsNullOrEmpty(spec.NodeSelector))
            findings.Forbidden(path.Child("nodeSelector"), "node and nodeSelector cannot both be set");
        if (hasPeerIp && hasPeerSelector)
            findings.Forbidden(path.Child("peerSelector"), "peerIP and peerSelector cannot both be set");
        if (hasPeerSelector && hasAs)
            findings.Forbidden(path.Child("asNumber"), "asNumber must be empty when peerSelector is set");
        if (spec is { KeepOriginalNextHop: true, NextHopMode: not null })
            findings.Forbidden(path.Child("keepOriginalNextHop"), "keepOriginalNextHop is deprecated and cannot be set together with nextHopMode");
        if (string.IsNullOrEmpty(spec.LocalWorkloadSelector))
            return;
        if (hasPeerIp)
            findings.Forbidden(path.Child("peerIP"), "peerIP must be empty when localWorkloadSelector is set");
        if (hasPeerSelector)
            findings.Forbidden(path.Child("peerSelector"), "peerSelector must be empty when localWorkloadSelector is set");
        if (!hasAs)
            findings.Required(path.Child("asNumber"), "asNumber is required when localWorkloadSelector is set");
    }
}
