using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of the node service's settings.</summary>
internal static class FelixConfigurationCheck
{
    private const int MostTables = 0xffff;

    public static void Check(Findings findings, FelixConfiguration configuration)
    {
        var (spec, path) = (configuration.Spec, FieldPath.Spec);
        string name = configuration.Metadata.Name ?? "";
        if (spec.NodeSelector is not null && (name == "default" || name.StartsWith("node.", StringComparison.Ordinal)))
        {
            findings.Forbidden(
                path.Child("nodeSelector"), "nodeSelector must not be set on the 'default' or per-node ('node.*') FelixConfiguration");
        }

        SelectorCheck.Plain(findings, path.Child("nodeSelector"), spec.NodeSelector);
        CheckDurations(findings, spec);
        FelixTextChecks.Check(findings, spec);
        CheckWords(findings, spec);
        CheckNumbers(findings, spec);
        CheckAddresses(findings, spec);
        CheckTables(findings, spec);
    }

    private static void CheckDurations(Findings findings, FelixConfigurationSpec spec)
    {
        Span<(string Field, string? Value)> durations =
        [
            ("dataplaneWatchdogTimeout", spec.DataplaneWatchdogTimeout), ("usageReportingInitialDelay", spec.UsageReportingInitialDelay),
            ("usageReportingInterval", spec.UsageReportingInterval), ("debugSimulateCalcGraphHangAfter", spec.DebugSimulateCalcGraphHangAfter),
            ("debugSimulateDataplaneHangAfter", spec.DebugSimulateDataplaneHangAfter),
            ("debugSimulateDataplaneApplyDelay", spec.DebugSimulateDataplaneApplyDelay), ("reportingInterval", spec.ReportingInterval),
            ("reportingTTL", spec.ReportingTTL), ("endpointReportingDelay", spec.EndpointReportingDelay),
            ("flowLogsFlushInterval", spec.FlowLogsFlushInterval), ("interfaceRefreshInterval", spec.InterfaceRefreshInterval),
            ("netlinkTimeout", spec.NetlinkTimeout), ("xdpRefreshInterval", spec.XdpRefreshInterval),
            ("iptablesRefreshInterval", spec.IptablesRefreshInterval),
            ("iptablesPostWriteCheckInterval", spec.IptablesPostWriteCheckInterval),
            ("iptablesLockProbeInterval", spec.IptablesLockProbeInterval), ("ipsetsRefreshInterval", spec.IpsetsRefreshInterval),
            ("nftablesRefreshInterval", spec.NftablesRefreshInterval), ("bpfIPFragTimeout", spec.BpfIPFragTimeout),
            ("bpfKubeProxyMinSyncPeriod", spec.BpfKubeProxyMinSyncPeriod), ("routeRefreshInterval", spec.RouteRefreshInterval),
            ("liveMigrationRouteConvergenceTime", spec.LiveMigrationRouteConvergenceTime),
            ("localSubnetL2ReachabilityRefreshInterval", spec.LocalSubnetL2ReachabilityRefreshInterval),
            ("wireguardKeepAlive", spec.WireguardKeepAlive),
        ];
        foreach (var (field, value) in durations)
            CheckDuration(findings, FieldPath.Spec.Child(field), value);
        findings.Each(FieldPath.Spec.Child("healthTimeoutOverrides"), spec.HealthTimeoutOverrides, (at, item) =>
        {
            Texts.Duration(findings, at.Child("timeout"), item.Timeout);
            if (item.Name.Length == 0 || !item.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ' ' or '-'))
                findings.Invalid(at.Child("name"), item.Name, "must consist of letters, digits, blanks, '_' and '-'");
        });
    }

    // Upstream's definition knows no units below milliseconds.
    private static void CheckDuration(Findings findings, FieldPath field, string? text)
    {
        if (text is not null && text.AsSpan().IndexOfAny("uµμn") >= 0)
            findings.Invalid(field, text, "must be a duration in h, m, s or ms, such as 90s, 1m30s or 50ms");
        else
            Texts.Duration(findings, field, text);
    }

    // What upstream takes in any case is taken in any case here.
    private static void CheckWords(Findings findings, FelixConfigurationSpec spec)
    {
        Word(findings, "iptablesBackend", spec.IptablesBackend, "Auto", "Legacy", "NFT");
        Word(findings, "chainInsertMode", spec.ChainInsertMode, "Insert", "Append");
        Word(findings, "defaultEndpointToHostAction", spec.DefaultEndpointToHostAction, "Drop", "Accept", "Return");
        Word(findings, "iptablesFilterAllowAction", spec.IptablesFilterAllowAction, "Accept", "Return");
        Word(findings, "iptablesMangleAllowAction", spec.IptablesMangleAllowAction, "Accept", "Return");
        Word(findings, "iptablesFilterDenyAction", spec.IptablesFilterDenyAction, "Drop", "Reject");
        Word(findings, "nftablesFilterAllowAction", spec.NftablesFilterAllowAction, "Accept", "Return");
        Word(findings, "nftablesMangleAllowAction", spec.NftablesMangleAllowAction, "Accept", "Return");
        Word(findings, "nftablesFilterDenyAction", spec.NftablesFilterDenyAction, "Drop", "Reject");
        foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)
            [("logSeverityFile", spec.LogSeverityFile), ("logSeverityScreen", spec.LogSeverityScreen), ("logSeveritySys", spec.LogSeveritySys)])
        {
            Word(findings, field, value, "Trace", "Debug", "Info", "Warning", "Error", "Fatal");
        }

        Word(findings, "bpfLogLevel", spec.BpfLogLevel, "Off", "Info", "Debug");
        Word(findings, "bpfExternalServiceMode", spec.BpfExternalServiceMode, "Tunnel", "DSR");
        Word(findings, "bpfEnforceRPF", spec.BpfEnforceRPF, "Disabled", "Strict", "Loose");
        Word(findings, "bpfMapSizeConntrackScaling", spec.BpfMapSizeConntrackScaling, "Disabled", "DoubleIfFull");
        Word(findings, "routeSource", spec.RouteSource, "WorkloadIPs", "CalicoIPAM");
        Word(findings, "serviceLoopPrevention", spec.ServiceLoopPrevention, "Drop", "Reject", "Disabled");
        Word(findings, "workloadSourceSpoofing", spec.WorkloadSourceSpoofing, "Disabled", "Any");
        Exact(findings, "nftablesMode", spec.NftablesMode, "Disabled", "Enabled", "Auto");
        Exact(findings, "nftablesFlowTableOffload", spec.NftablesFlowTableOffload, "All", "Disabled");
        Exact(findings, "awsSrcDstCheck", spec.AwsSrcDstCheck, "DoNothing", "Enable", "Disable");
        Exact(findings, "bpfAttachType", spec.BpfAttachType, "TC", "TCX", "Netkit");
        Exact(findings, "floatingIPs", spec.FloatingIPs, "Enabled", "Disabled");
        Exact(findings, "localSubnetL2Reachability", spec.LocalSubnetL2Reachability, "Disabled", "PodsAndLoadBalancers");
        Exact(findings, "bpfHostNetworkedNATWithoutCTLB", spec.BpfHostNetworkedNATWithoutCTLB, "Enabled", "Disabled");
        Exact(findings, "bpfConnectTimeLoadBalancing", spec.BpfConnectTimeLoadBalancing, "TCP", "Enabled", "Disabled");
        Exact(findings, "bpfOverlayHostSourceIP", spec.BpfOverlayHostSourceIP, "TunnelAddress", "HostAddress");
        Exact(findings, "bpfConntrackMode", spec.BpfConntrackMode, "Auto", "Userspace", "BPFProgram");
        Exact(findings, "bpfConntrackLogLevel", spec.BpfConntrackLogLevel, "Off", "Debug");
        Exact(findings, "bpfJITHardening", spec.BpfJITHardening, "Auto", "Strict");
        Exact(findings, "bpfRedirectToPeer", spec.BpfRedirectToPeer, "Enabled", "Disabled", "L2Only");
        Exact(findings, "bpfProfiling", spec.BpfProfiling, "Enabled", "Disabled");
        Exact(findings, "windowsManageFirewallRules", spec.WindowsManageFirewallRules, "Enabled", "Disabled");
        Exact(findings, "flowLogsPolicyEvaluationMode", spec.FlowLogsPolicyEvaluationMode, "None", "Continuous");
        Exact(findings, "flowLogsLocalReporter", spec.FlowLogsLocalReporter, "Disabled", "Enabled");
        Exact(findings, "natOutgoingExclusions", spec.NatOutgoingExclusions, "IPPoolsOnly", "IPPoolsAndHostIPs");
        Exact(findings, "ipForwarding", spec.IpForwarding, "Enabled", "Disabled");
        Exact(findings, "istioAmbientMode", spec.IstioAmbientMode, "Enabled", "Disabled");
        Exact(findings, "programClusterRoutes", spec.ProgramClusterRoutes, "Enabled", "Disabled", "EnabledIPIPOnly", "EnabledNoEncapOnly");
        Exact(
            findings, "prometheusMetricsClientAuth", spec.PrometheusMetricsClientAuth,
            "RequireAndVerifyClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven", "NoClientCert");
    }

    private static void Word(Findings findings, string field, string? value, params ReadOnlySpan<string> supported)
    {
        if (string.IsNullOrEmpty(value))
            return;
        foreach (string word in supported)
        {
            if (word.Equals(value, StringComparison.OrdinalIgnoreCase))
                return;
        }

        findings.OneOf(FieldPath.Spec.Child(field), value, supported);
    }

    private static void Exact(Findings findings, string field, string? value, params ReadOnlySpan<string> supported)
    {
        if (!string.IsNullOrEmpty(value))
            findings.OneOf(FieldPath.Spec.Child(field), value, supported);
    }

    private static void CheckNumbers(Findings findings, FelixConfigurationSpec spec)
    {
        Span<(string Field, long? Value, long Least, long Most)> numbers =
        [
            ("iptablesMarkMask", spec.IptablesMarkMask, 0, uint.MaxValue), ("nftablesMarkMask", spec.NftablesMarkMask, 0, uint.MaxValue),
            ("logActionRateLimitBurst", spec.LogActionRateLimitBurst, 0, 9999), ("debugPort", spec.DebugPort, 0, 65535),
            ("healthPort", spec.HealthPort, 0, 65535), ("prometheusMetricsPort", spec.PrometheusMetricsPort, 0, 65535),
            ("metadataPort", spec.MetadataPort, 0, 65535), ("deviceRouteProtocol", spec.DeviceRouteProtocol, 0, 255),
            ("bpfExtToServiceConnmark", spec.BpfExtToServiceConnmark, 0, uint.MaxValue),
            ("bpfKubeProxyHealthzPort", spec.BpfKubeProxyHealthzPort, 0, 65535),
            ("bpfMapSizeConntrackCleanupQueue", spec.BpfMapSizeConntrackCleanupQueue, 1, int.MaxValue),
            ("bpfMaglevMaxEndpointsPerService", spec.BpfMaglevMaxEndpointsPerService, 1, 3000),
            ("bpfMaglevMaxServices", spec.BpfMaglevMaxServices, 1, 3000), ("goGCThreshold", spec.GoGCThreshold, -1, int.MaxValue),
            ("goMemoryLimitMB", spec.GoMemoryLimitMB, -1, int.MaxValue), ("goMaxProcs", spec.GoMaxProcs, -1, int.MaxValue),
            ("ipv4NormalRoutePriority", spec.Ipv4NormalRoutePriority, 1, 2147483646),
            ("ipv4ElevatedRoutePriority", spec.Ipv4ElevatedRoutePriority, 1, 2147483646),
            ("ipv6NormalRoutePriority", spec.Ipv6NormalRoutePriority, 1, 2147483646),
            ("ipv6ElevatedRoutePriority", spec.Ipv6ElevatedRoutePriority, 1, 2147483646),
            ("vxlanPort", spec.VxlanPort, 1, 65535), ("vxlanVNI", spec.VxlanVNI, 1, 0xffffff),
            ("wireguardListeningPort", spec.WireguardListeningPort, 1, 65535),
            ("wireguardListeningPortV6", spec.WireguardListeningPortV6, 1, 65535),
            ("wireguardRoutingRulePriority", spec.WireguardRoutingRulePriority, 1, 32765),
        ];
        foreach (var (field, value, least, most) in numbers)
            findings.Range(FieldPath.Spec.Child(field), value, least, most);
    }

    private static void CheckAddresses(Findings findings, FelixConfigurationSpec spec)
    {
        var path = FieldPath.Spec;
        Networks.Address(findings, path.Child("natOutgoingAddress"), spec.NatOutgoingAddress, IpFamily.V4);
        Networks.Address(findings, path.Child("deviceRouteSourceAddress"), spec.DeviceRouteSourceAddress, IpFamily.V4);
        Networks.Address(findings, path.Child("deviceRouteSourceAddressIPv6"), spec.DeviceRouteSourceAddressIPv6, IpFamily.V6);
        findings.Each(path.Child("externalNodesList"), spec.ExternalNodesList, (at, text) =>
        {
            if (!IpPrefix.TryParse(text, out var net) || net.Family != IpFamily.V4)
                findings.Invalid(at, text, "must be an IPv4 network in CIDR notation or an IPv4 address");
        });
        findings.Each(path.Child("bpfDSROptoutCIDRs"), spec.BpfDSROptoutCIDRs, (at, text) => Networks.Loose(findings, at, text));
        findings.Each(path.Child("bpfExcludeCIDRsFromNAT"), spec.BpfExcludeCIDRsFromNAT, (at, text) => Networks.Loose(findings, at, text));
        CheckFailsafe(findings, path.Child("failsafeInboundHostPorts"), spec.FailsafeInboundHostPorts);
        CheckFailsafe(findings, path.Child("failsafeOutboundHostPorts"), spec.FailsafeOutboundHostPorts);
        findings.MaxItems(path.Child("kubeNodePortRanges"), spec.KubeNodePortRanges, 7);
        findings.Each(path.Child("kubeNodePortRanges"), spec.KubeNodePortRanges, (at, port) => CheckPorts(findings, at, port));
        CheckPorts(findings, path.Child("natPortRange"), spec.NatPortRange);
        CheckPorts(findings, path.Child("bpfPSNATPorts"), spec.BpfPSNATPorts);
    }

    private static void CheckFailsafe(Findings findings, FieldPath path, List<ProtoPort>? ports) => findings.Each(path, ports, (at, port) =>
    {
        findings.OneOf(at.Child("protocol"), port.Protocol?.ToUpperInvariant(), "TCP", "UDP", "SCTP");
        findings.Range(at.Child("port"), port.Port, 0, 65535);
        if (!string.IsNullOrEmpty(port.Net))
            Networks.Loose(findings, at.Child("net"), port.Net);
    });

    private static void CheckPorts(Findings findings, FieldPath path, PolicyPort? range)
    {
        if (range is not { } given)
            return;
        if (given.Name is not null || given.First > given.Last || given.First < 0 || given.Last > 65535)
            findings.Invalid(path, given, "must be a port or a range of ports between 0 and 65535");
    }

    private static void CheckTables(Findings findings, FelixConfigurationSpec spec)
    {
        var path = FieldPath.Spec;
        if (spec.RouteTableRange is not null && spec.RouteTableRanges is not null)
            findings.Forbidden(path.Child("routeTableRange"), "routeTableRange and routeTableRanges cannot both be set");
        if (spec.RouteTableRange is { } one && (one.Min < 1 || one.Max < one.Min || one.Max > 250))
            findings.Invalid(path.Child("routeTableRange"), $"{one.Min}-{one.Max}", "must be a range of route table indices within 1..250");
        findings.Each(path.Child("routeTableRanges"), spec.RouteTableRanges, (at, range) =>
        {
            if (range.Min < 1)
                findings.Invalid(at.Child("min"), range.Min, "min must be >= 1");
            if (range.Min > range.Max)
                findings.Invalid(at.Child("min"), range.Min, "min must not be greater than max");
        });
        long tables = spec.RouteTableRanges?.Sum(range => range is null ? 0 : Math.Max(0, (long)range.Max - range.Min + 1)) ?? 0;
        if (tables > MostTables)
            findings.Invalid(path.Child("routeTableRanges"), tables, $"must have at most {MostTables} tables altogether");
    }
}
