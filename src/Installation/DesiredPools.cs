using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>
/// The address pools that a specification asks for and the cluster lacks. One that exists belongs to whoever made it and is
/// never changed: addresses of running pods are taken of it.
/// </summary>
internal static class DesiredPools
{
    /// <summary>The pools to make, as custom resources.</summary>
    public static IEnumerable<JsonObject> Missing(JsonNode? spec, IReadOnlyList<JsonObject> existing)
    {
        if ((spec.Text("cni", "type") ?? "Calico") != "Calico") yield break;
        foreach (var pool in spec.Items("calicoNetwork", "ipPools"))
        {
            if (pool.Text("cidr") is not { Length: > 0 } cidr || existing.Any(other => other.Text("spec", "cidr") == cidr)) continue;
            bool ipv6 = cidr.Contains(':', StringComparison.Ordinal);
            string encapsulation = pool.Text("encapsulation") ?? "None";
            yield return new JsonObject
            {
                ["apiVersion"] = "crd.projectcalico.org/v1",
                ["kind"] = "IPPool",
                ["metadata"] = new JsonObject { ["name"] = pool.Text("name") ?? (ipv6 ? "default-ipv6-ippool" : "default-ipv4-ippool") },
                ["spec"] = new JsonObject
                {
                    ["cidr"] = cidr,
                    ["blockSize"] = pool.Number("blockSize") is > 0 and var size ? size : ipv6 ? 122 : 26,
                    ["natOutgoing"] = (pool.Text("natOutgoing") ?? (ipv6 ? "Disabled" : "Enabled")) == "Enabled",
                    ["nodeSelector"] = pool.Text("nodeSelector") ?? "all()",
                    ["ipipMode"] = Mode(encapsulation, "IPIP"),
                    ["vxlanMode"] = Mode(encapsulation, "VXLAN"),
                },
            };
        }
    }

    private static string Mode(string encapsulation, string kind) => encapsulation == kind ? "Always" : encapsulation == kind + "CrossSubnet" ? "CrossSubnet" : "Never";
}
