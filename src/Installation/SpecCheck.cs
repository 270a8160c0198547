using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>What a specification asks for and does not get. The words are those of the Tigera operator's Installation.</summary>
internal static class SpecCheck
{
    private static readonly string[] _plugins = ["Calico", "AmazonVPC", "AzureVNET", "GKE"];
    private static readonly string[] _encapsulations = ["None", "VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet"];

    /// <summary>The problems, in the order of the fields.</summary>
    public static IEnumerable<Problem> Of(JsonNode? spec)
    {
        if (Other(spec.Text("cni", "type"), _plugins)) yield return Field("spec.cni.type", spec.Text("cni", "type"), $"use {string.Join(", ", _plugins)}");
        var network = spec.At("calicoNetwork");
        if (network.Text("linuxDataplane") is { } dataplane && dataplane != "Nftables")
            yield return Field("spec.calicoNetwork.linuxDataplane", dataplane, "this version programs Nftables");
        if (network.Text("bgp") == "Enabled") yield return Field("spec.calicoNetwork.bgp", "Enabled", "this version speaks no BGP; use Disabled");
        int index = 0;
        foreach (var pool in network.Items("ipPools"))
        {
            if (string.IsNullOrEmpty(pool.Text("cidr"))) yield return Field($"spec.calicoNetwork.ipPools[{index}].cidr", "", "name the pool's addresses, for example 10.244.0.0/16");
            if (Other(pool.Text("encapsulation"), _encapsulations))
                yield return Field($"spec.calicoNetwork.ipPools[{index}].encapsulation", pool.Text("encapsulation"), $"use {string.Join(", ", _encapsulations)}");
            index++;
        }
    }

    private static bool Other(string? value, string[] known) => value is not null && !known.Contains(value);

    private static Problem Field(string field, string? value, string fix) => new("InvalidSpec", $"{field}: \"{value}\": {fix}");
}
