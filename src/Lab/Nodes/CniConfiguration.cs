using System.Text.Json.Nodes;
using Margay.Lab.Topology;

namespace Margay.Lab.Nodes;

/// <summary>The CNI network configuration list of a node (CNI specification, section 1).</summary>
internal static class CniConfiguration
{
    public static string For(LabLayout layout, LabMachine node)
    {
        var plugin = new JsonObject
        {
            ["type"] = "margay-cni",
            ["nodename"] = node.Name,
            ["socket"] = layout.CniSocket(node.Name),
            ["run_dir"] = layout.NodeRun(node.Name),
            ["log_file_path"] = layout.Log($"cni-{node.Name}"),
            ["ipam"] = new JsonObject { ["type"] = "calico-ipam", ["assign_ipv4"] = "true", ["assign_ipv6"] = "true" },
            ["policy"] = new JsonObject { ["type"] = "k8s" },
        };
        var list = new JsonObject { ["cniVersion"] = "1.0.0", ["name"] = "margay", ["plugins"] = new JsonArray(plugin) };
        return list.ToJsonString();
    }

    public static void Write(LabLayout layout, LabMachine node)
    {
        string path = layout.CniConfig(node.Name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, For(layout, node));
    }
}
