using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of the kinds that hold addresses: pools, reservations, sets, host endpoints, blocks.</summary>
internal static class AddressChecks
{
    private static readonly IpPrefix LinkLocalV4 = IpPrefix.Parse("169.254.0.0/16");
    private static readonly IpPrefix LinkLocalV6 = IpPrefix.Parse("fe80::/10");

    public static void Check(Findings findings, IPPool pool, IPPool? old)
    {
        var (spec, path) = (pool.Spec, FieldPath.Spec);
        if (spec.Cidr.Length == 0)
            findings.Required(path.Child("cidr"), "");
        else if (Networks.TryStrict(findings, path.Child("cidr"), spec.Cidr, out var cidr))
            CheckRange(findings, spec, cidr);
        findings.OneOf(path.Child("ipipMode"), spec.IpipMode, "Never", "Always", "CrossSubnet");
        findings.OneOf(path.Child("vxlanMode"), spec.VxlanMode, "Never", "Always", "CrossSubnet");
        if (IsOn(spec.IpipMode) && IsOn(spec.VxlanMode))
            findings.Forbidden(path.Child("vxlanMode"), "ipipMode and vxlanMode cannot both be enabled");
        SelectorCheck.Plain(findings, path.Child("nodeSelector"), spec.NodeSelector);
        SelectorCheck.Plain(findings, path.Child("namespaceSelector"), spec.NamespaceSelector);
        findings.OneOf(path.Child("assignmentMode"), spec.AssignmentMode, "Automatic", "Manual");
        CheckUses(findings, path.Child("allowedUses"), spec);
        if (old is null)
            return;
        if (old.Spec.AllowedUses?.Contains("LoadBalancer") == true && spec.AllowedUses?.Exists(use => use is "Workload" or "Tunnel") == true)
            findings.Forbidden(path.Child("allowedUses"), "allowed use cannot be changed from LoadBalancer to Workload or Tunnel", "make another pool");
        if (old.Spec.Cidr != spec.Cidr)
            findings.Invalid(path.Child("cidr"), spec.Cidr, "CIDR cannot be changed; make another pool and move to it");
        if (old.Spec.BlockSize is { } size && spec.BlockSize != size)
            findings.Invalid(path.Child("blockSize"), spec.BlockSize ?? 0, "Block size cannot be changed; make another pool and move to it");
    }

    public static void Check(Findings findings, IPReservation reservation) =>
        CheckNetworks(findings, FieldPath.Spec.Child("reservedCIDRs"), reservation.Spec.ReservedCIDRs);

    public static void Check(Findings findings, ObjectMeta metadata, NetworkSetSpec spec)
    {
        // This label is made from the real namespace.
        if (metadata.Labels?.ContainsKey("projectcalico.org/namespace") == true)
            findings.Invalid(FieldPath.Metadata.Child("labels"), "projectcalico.org/namespace", "is not a valid label name");
        CheckNetworks(findings, FieldPath.Spec.Child("nets"), spec.Nets);
    }

    public static void Check(Findings findings, HostEndpoint endpoint)
    {
        var (spec, path) = (endpoint.Spec, FieldPath.Spec);
        if (string.IsNullOrEmpty(spec.Node))
            findings.Required(path.Child("node"), "node must be specified");
        else if (Names.DnsSubdomain(spec.Node) is { } wrong)
            findings.Invalid(path.Child("node"), spec.Node, wrong);
        if (string.IsNullOrEmpty(spec.InterfaceName) && spec.ExpectedIPs is not { Count: > 0 })
            findings.Required(path.Child("interfaceName"), "at least one of interfaceName or expectedIPs must be specified");
        if (!string.IsNullOrEmpty(spec.InterfaceName) && spec.InterfaceName != "*" && Names.Interface(spec.InterfaceName) is { } wrongName)
            findings.Invalid(path.Child("interfaceName"), spec.InterfaceName, wrongName);
        findings.Each(path.Child("expectedIPs"), spec.ExpectedIPs, (at, ip) => Networks.Address(findings, at, ip));
        findings.Unique(path.Child("expectedIPs"), spec.ExpectedIPs);
        findings.Unique(path.Child("profiles"), spec.Profiles);
        findings.Each(path.Child("profiles"), spec.Profiles, (at, profile) =>
        {
            if (Names.DnsSubdomain(profile) is { } wrongProfile)
                findings.Invalid(at, profile, wrongProfile);
        });
        QosAnnotations.CheckDscp(findings, endpoint.Metadata);
        findings.Each(path.Child("ports"), spec.Ports, (at, port) =>
        {
            if (Names.ServiceName(port.Name) is { } wrongPort)
                findings.Invalid(at.Child("name"), port.Name, wrongPort);
            if (!Protocols.HavePorts(port.Protocol))
                findings.Invalid(at.Child("protocol"), port.Protocol, "must be TCP, UDP or SCTP");
            findings.Range(at.Child("port"), port.Port, 1, 65535);
        });
    }

    public static void Check(Findings findings, IPAMConfiguration configuration)
    {
        findings.Range(FieldPath.Spec.Child("maxBlocksPerHost"), configuration.Spec.MaxBlocksPerHost, 0, 1_000_000);
        findings.Range(FieldPath.Spec.Child("ipCooldownSeconds"), configuration.Spec.IpCooldownSeconds, 0, 1200);
        findings.OneOf(
            FieldPath.Spec.Child("kubeVirtVMAddressPersistence"), configuration.Spec.KubeVirtVMAddressPersistence, "Enabled", "Disabled");
    }

    public static void Check(Findings findings, BlockAffinity affinity)
    {
        findings.OneOf(
            FieldPath.Spec.Child("state"), affinity.Spec.State, "", BlockAffinityState.Confirmed, BlockAffinityState.Pending,
            BlockAffinityState.PendingDeletion);
        Networks.TryStrict(findings, FieldPath.Spec.Child("cidr"), affinity.Spec.Cidr, out _);
        if (affinity.Spec.Deleted)
            findings.Invalid(FieldPath.Spec.Child("deleted"), true, "cannot be set; delete the object instead");
    }

    public static void Check(Findings findings, IPAMBlock block)
    {
        Networks.TryStrict(findings, FieldPath.Spec.Child("cidr"), block.Spec.Cidr, out _);
        if (block.Spec.Affinity is { } owner && Names.BlockOwner(owner) is { } wrong)
            findings.Invalid(FieldPath.Spec.Child("affinity"), owner, wrong);
    }

    private static void CheckRange(Findings findings, IPPoolSpec spec, IpPrefix cidr)
    {
        var path = FieldPath.Spec;
        var linkLocal = cidr.Family == IpFamily.V4 ? LinkLocalV4 : LinkLocalV6;
        if (linkLocal.Contains(cidr) || cidr.Contains(linkLocal))
            findings.Invalid(path.Child("cidr"), spec.Cidr, $"IPPool CIDR overlaps with the link local range {linkLocal}");
        bool v4 = cidr.Family == IpFamily.V4;
        int size = spec.BlockSize is { } given and not 0 ? given : v4 ? 26 : 122;
        if (v4 ? size is < 20 or > 32 : size is < 116 or > 128)
        {
            findings.Invalid(
                path.Child("blockSize"), size, "blockSize must be between 20 and 32 for IPv4 pools, and between 116 and 128 for IPv6 pools");
        }
        else if (cidr.Length > size && spec.Disabled != true)
        {
            findings.Invalid(path.Child("cidr"), spec.Cidr, $"the pool is smaller than one of its blocks (/{size})");
        }

        if (!v4 && IsOn(spec.IpipMode))
            findings.Forbidden(path.Child("ipipMode"), "IPIP is not supported on IPv6 pools");
    }

    private static void CheckUses(Findings findings, FieldPath path, IPPoolSpec spec)
    {
        var uses = spec.AllowedUses ?? [];
        findings.MaxItems(path, uses, 10);
        findings.Each(path, uses, (at, use) => findings.OneOf(at, use, "Workload", "Tunnel", "LoadBalancer"));
        findings.Unique(path, uses);
        if (uses.Contains("Tunnel") && !string.IsNullOrEmpty(spec.NamespaceSelector))
            findings.Forbidden(FieldPath.Spec.Child("namespaceSelector"), "IP Pool with AllowedUse Tunnel cannot have namespaceSelector");
        if (!uses.Contains("LoadBalancer"))
            return;
        if (uses.Contains("Workload") || uses.Contains("Tunnel"))
            findings.Forbidden(path, "LoadBalancer cannot be combined with Workload or Tunnel allowed uses");
        if (IsOn(spec.IpipMode) || IsOn(spec.VxlanMode))
            findings.Forbidden(path, "LoadBalancer IP pool cannot have IPIP or VXLAN enabled");
        if (spec.DisableBGPExport == true)
            findings.Forbidden(FieldPath.Spec.Child("disableBGPExport"), "LoadBalancer IP pools cannot disable BGP export");
        if (spec.NodeSelector is not (null or "" or "all()"))
            findings.Invalid(FieldPath.Spec.Child("nodeSelector"), spec.NodeSelector, "IP Pool with AllowedUse LoadBalancer must have nodeSelector set to all()");
    }

    private static void CheckNetworks(Findings findings, FieldPath path, List<string>? networks)
    {
        findings.Each(path, networks, (at, text) => Networks.Loose(findings, at, text));
        findings.Unique(path, networks);
    }

    private static bool IsOn(string? mode) => mode is not (null or "" or "Never");
}
