using System.Text;
using System.Text.Json.Nodes;
using Margay.Cni.Plugin;

namespace Margay.Cni.Installation;

/// <summary>Whether a pod could start on this node now: the plugin's own STATUS, asked as a runtime asks it.</summary>
internal static class ServiceProbe
{
    /// <summary>Asks once; blocks for 10 s at most.</summary>
    /// <param name="socket">The node service's socket; null: the plugin's default.</param>
    /// <returns>Why not, or null.</returns>
    public static string? WhyNot(string? socket)
    {
        var config = new JsonObject { ["cniVersion"] = "1.1.0", ["name"] = "margay", ["type"] = PluginFiles.Own };
        if (socket is not null) config["socket"] = socket;
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(config.ToJsonString()));
        using var output = new MemoryStream();
        int exit = new CniPlugin().Run(name => name == "CNI_COMMAND" ? "STATUS" : null, input, output);
        if (exit == 0) return null;
        var error = JsonNode.Parse(output.ToArray());
        return $"{error?["msg"]} {error?["details"]}".Trim();
    }
}
