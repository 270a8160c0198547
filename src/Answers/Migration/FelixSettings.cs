using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Answers.Reports;
using Margay.Model.Resources;

namespace Margay.Answers.Migration;

/// <summary>Which settings of the node service count after a takeover.</summary>
internal static class FelixSettings
{
    // What the calculation and the node service look at.
    private static readonly FrozenSet<string> Known = new[]
    {
        "interfacePrefix", "defaultEndpointToHostAction", "disableConntrackInvalidCheck", "logPrefix", "nftablesFilterDenyAction", "ipv6Support",
        "failsafeInboundHostPorts", "failsafeOutboundHostPorts", "nftablesMode", "nodeSelector",
    }.ToFrozenSet();

    // What people rely on: without it traffic is unprotected, unencrypted or lost.
    private static readonly FrozenDictionary<string, string> Vital = new Dictionary<string, string>
    {
        ["bpfEnabled"] = "Margay has no eBPF data plane; it programs nftables. Services need kube-proxy again: start it before the takeover",
        ["wireguardEnabled"] = "Margay does not encrypt traffic between nodes: it would go in clear text",
        ["wireguardEnabledV6"] = "Margay does not encrypt traffic between nodes: it would go in clear text",
        ["wireguardHostEncryptionEnabled"] = "Margay does not encrypt traffic between nodes: it would go in clear text",
        ["vxlanEnabled"] = "no data plane programs VXLAN",
        ["ipipEnabled"] = "no data plane programs IP in IP",
    }.ToFrozenDictionary();

    /// <summary>A setting that stands in the environment of Calico's agent: the field that it is there for; null when nothing depends on it.</summary>
    /// <param name="name">The variable without its prefix, in any case.</param>
    /// <param name="value">Its value.</param>
    public static (string Field, FindingLevel Level, string? Why)? InEnvironment(string name, string value)
    {
        // The one whose variable is called otherwise than its field.
        if (name.Equals("IPINIPENABLED", StringComparison.OrdinalIgnoreCase)) name = "ipipEnabled";
        if (Vital.FirstOrDefault(vital => vital.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Key: { } field } found)
            return IsOff(value) ? null : (field, FindingLevel.Error, found.Value);
        return Known.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } read ? (read, FindingLevel.Warning, null) : null;
    }

    private static bool IsOff(string value) => value.ToLowerInvariant() is "false" or "0" or "no" or "n" or "f" or "";

    public static IEnumerable<Unsupported> Of(FelixConfiguration configuration)
    {
        var spec = configuration.Spec;
        if (spec.NodeSelector is { Length: > 0 } selector)
            yield return new("spec.nodeSelector", selector, FindingLevel.Warning, "only default and node.NAME count; settings by selector have no effect: copy them into node.NAME objects");
        if (spec.DefaultEndpointToHostAction is null && configuration.Metadata.Name == "default")
        {
            yield return new(
                "spec.defaultEndpointToHostAction", null, FindingLevel.Warning,
                "Calico's manifests set Accept in the environment of their agent, which Margay does not read: set it here, or pods cannot reach what runs on the host network of their own node");
        }
        var fields = (JsonObject)JsonSerializer.SerializeToNode(new FelixConfiguration { Spec = spec }, ModelJson.Default.FelixConfiguration)!["spec"]!;
        foreach (var (field, value) in fields)
        {
            if (value is null || Known.Contains(field)) continue;
            bool off = value.GetValueKind() == JsonValueKind.False;
            if (Vital.TryGetValue(field, out string? why) && !off)
                yield return new($"spec.{field}", value.ToString(), FindingLevel.Error, why);
            else if (!off)
                yield return new($"spec.{field}", value.ToString(), FindingLevel.Note, "Margay's node service has no such setting; it has no effect");
        }
    }
}
