using System.Globalization;
using Margay.Model.Resources;

namespace Margay.Model.Validation;

/// <summary>Checks of those settings of the node service that are texts with a form of their own.</summary>
internal static class FelixTextChecks
{
    private const int LongestRegion = 46;

    public static void Check(Findings findings, FelixConfigurationSpec spec)
    {
        var path = FieldPath.Spec;
        foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)
            [
                ("logDebugFilenameRegex", spec.LogDebugFilenameRegex), ("nftablesFlowTableDataIfacePattern", spec.NftablesFlowTableDataIfacePattern),
                ("bpfDataIfacePattern", spec.BpfDataIfacePattern), ("bpfL3IfacePattern", spec.BpfL3IfacePattern),
                ("bpfDisableGROForIfaces", spec.BpfDisableGROForIfaces), ("mtuIfacePattern", spec.MtuIfacePattern),
            ])
        {
            Texts.Pattern(findings, path.Child(field), value);
        }

        Texts.Name(findings, path.Child("prometheusMetricsHost"), spec.PrometheusMetricsHost, Names.Host);
        Texts.Name(findings, path.Child("iptablesNATOutgoingInterfaceFilter"), spec.IptablesNATOutgoingInterfaceFilter, Names.InterfaceFilter);
        Texts.Name(findings, path.Child("wireguardInterfaceName"), spec.WireguardInterfaceName, Names.Interface);
        Texts.Name(findings, path.Child("wireguardInterfaceNameV6"), spec.WireguardInterfaceNameV6, Names.Interface);
        Texts.Name(findings, path.Child("openstackRegion"), spec.OpenstackRegion, Region);
        Texts.Name(findings, path.Child("logPrefix"), spec.LogPrefix, LogPrefix);
        Texts.Name(findings, path.Child("logActionRateLimit"), spec.LogActionRateLimit, RateLimit);
        Texts.Name(findings, path.Child("featureDetectOverride"), spec.FeatureDetectOverride, text => Pairs(text, value => value is "true" or "false" or ""));
        Texts.Name(findings, path.Child("featureGates"), spec.FeatureGates, text => Pairs(text, value => value.Length > 0 && !value.Contains('=', StringComparison.Ordinal)));
        findings.Each(path.Child("bpfForceTrackPacketsFromIfaces"), spec.BpfForceTrackPacketsFromIfaces, (at, name) =>
            Texts.Name(findings, at, name, Names.InterfaceFilter));
        foreach (var (name, _) in spec.BpfLogFilters ?? [])
            Texts.Name(findings, path.Child("bpfLogFilters").Key(name), name, Names.Interface);
        if (spec.IstioDSCPMark is { } mark && !Dscp.IsValid(mark.ToString()))
            findings.Invalid(path.Child("istioDSCPMark"), mark, Dscp.Form);
        Timeouts(findings, path.Child("bpfConntrackTimeouts"), spec.BpfConntrackTimeouts);
    }

    private static void Timeouts(Findings findings, FieldPath path, BpfConntrackTimeouts? timeouts)
    {
        if (timeouts is null)
            return;
        foreach (var (field, value) in (ReadOnlySpan<(string, string?)>)
            [
                ("creationGracePeriod", timeouts.CreationGracePeriod), ("tcpSynSent", timeouts.TcpSynSent),
                ("tcpEstablished", timeouts.TcpEstablished), ("tcpFinsSeen", timeouts.TcpFinsSeen), ("tcpResetSeen", timeouts.TcpResetSeen),
                ("udpTimeout", timeouts.UdpTimeout), ("genericTimeout", timeouts.GenericTimeout), ("icmpTimeout", timeouts.IcmpTimeout),
            ])
        {
            if (value is not (null or "Auto") && (!GoDuration.TryParse(value, out var duration) || duration < TimeSpan.Zero))
                findings.Invalid(path.Child(field), value, "must be a duration such as 90s or 1h, or Auto");
        }
    }

    // OpenStack's namespaces carry the region behind a prefix of 17 characters.
    private static string? Region(string text) => text.Length <= LongestRegion ? Names.DnsLabel(text) : $"must have at most {LongestRegion} characters";

    private static string? LogPrefix(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || "%: /_-".Contains(c, StringComparison.Ordinal))
        ? null
        : "must consist of letters, digits, blanks and %:/_-";

    private static string? RateLimit(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash is > 0 and <= 4 && text[0] != '0' && int.TryParse(text.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && text[(slash + 1)..] is "second" or "minute" or "hour" or "day"
                ? null
                : "must be a number from 1 to 9999 per second, minute, hour or day, such as 10/second";
    }

    private static string? Pairs(string text, Func<string, bool> isValue)
    {
        foreach (string item in text.TrimEnd(',').Split(','))
        {
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !item[..equals].All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || !isValue(item[(equals + 1)..]))
                return "must be pairs such as Name=true, with commas between";
        }

        return null;
    }
}
