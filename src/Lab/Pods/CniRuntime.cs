using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Lab.Processes;

namespace Margay.Lab.Pods;

/// <summary>A pod as the CNI specification's runtime side names it.</summary>
internal sealed record CniTarget(string ContainerId, string Netns, string Namespace, string Name, string Uid)
{
    /// <summary>The interface inside the pod.</summary>
    public const string Interface = "eth0";
}

/// <summary>
/// Calls CNI plugins as a container runtime does (CNI specification, sections 2 to 4): the configuration of each plugin
/// of the list on standard input, with the list's name and version and the result before it; parameters in the environment.
/// </summary>
internal sealed class CniRuntime(string configPath, string pluginDirectory)
{
    /// <summary>Adds the pod to the network and returns its addresses, IPv4 first.</summary>
    public async Task<IReadOnlyList<string>> AddAsync(CniTarget target, CancellationToken stop)
    {
        JsonNode? previous = null;
        foreach (var plugin in Plugins()) previous = await CallAsync("ADD", target, plugin, previous, stop);
        return
        [
            .. (previous?["ips"]?.AsArray() ?? [])
                .Select(entry => entry!["address"]!.GetValue<string>().Split('/')[0])
                .OrderBy(address => address.Contains(':', StringComparison.Ordinal)),
        ];
    }

    /// <summary>Removes the pod from the network; harmless when it is not there.</summary>
    public async Task DeleteAsync(CniTarget target, CancellationToken stop)
    {
        foreach (var plugin in Plugins().Reverse()) await CallAsync("DEL", target, plugin, null, stop);
    }

    private IEnumerable<JsonObject> Plugins()
    {
        var list = JsonNode.Parse(File.ReadAllText(configPath))!.AsObject();
        foreach (var entry in list["plugins"]!.AsArray())
        {
            var plugin = entry!.DeepClone().AsObject();
            plugin["name"] = list["name"]!.DeepClone();
            plugin["cniVersion"] = list["cniVersion"]!.DeepClone();
            yield return plugin;
        }
    }

    private async Task<JsonNode?> CallAsync(string verb, CniTarget target, JsonObject plugin, JsonNode? previous, CancellationToken stop)
    {
        if (previous is not null) plugin["prevResult"] = previous.DeepClone();
        string type = plugin["type"]!.GetValue<string>();
        var environment = new Dictionary<string, string>
        {
            ["CNI_COMMAND"] = verb,
            ["CNI_CONTAINERID"] = target.ContainerId,
            ["CNI_NETNS"] = target.Netns,
            ["CNI_IFNAME"] = CniTarget.Interface,
            ["CNI_PATH"] = pluginDirectory,
            ["CNI_ARGS"] =
                $"IgnoreUnknown=1;K8S_POD_NAMESPACE={target.Namespace};K8S_POD_NAME={target.Name};" +
                $"K8S_POD_INFRA_CONTAINER_ID={target.ContainerId};K8S_POD_UID={target.Uid}",
        };
        var result = await Command.RunAsync(Path.Combine(pluginDirectory, type), [], stop, plugin.ToJsonString(), environment);
        if (result.ExitCode != 0) throw new LabException($"CNI {verb} by {type}: {Reason(result)}");
        return result.Output.Length == 0 ? null : JsonNode.Parse(result.Output);
    }

    // A plugin says why on standard output, as JSON; one that crashed says it on standard error, as it can.
    private static string Reason(CommandResult result)
    {
        try
        {
            var error = JsonNode.Parse(result.Output)?.AsObject();
            return error is null ? result.Error.Trim() : $"code {error["code"]}: {error["msg"]} {error["details"]}".Trim();
        }
        catch (JsonException)
        {
            return $"exit code {result.ExitCode}: {(result.Error + result.Output).Trim()}";
        }
    }
}
