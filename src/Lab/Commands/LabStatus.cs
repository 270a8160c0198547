using System.Text.Json.Nodes;
using Margay.Lab.Api;
using Margay.Lab.Control;
using Margay.Lab.Topology;
using Margay.Model.Resources;

namespace Margay.Lab.Commands;

/// <summary>What a lab is and how it is.</summary>
internal sealed record LabStatus(
    LabSpec Spec, LabLayout Layout, IReadOnlyList<(string Name, int? Pid)> Processes, IReadOnlyList<Pod>? Pods)
{
    /// <summary>Every process runs, and every pod.</summary>
    public bool IsWell => Processes.All(process => process.Pid is not null) && Pods is not null && Pods.All(pod => PodFacts.IsReady(pod) || PodFacts.IsOver(pod));

    public static async Task<LabStatus> ReadAsync(LabLayout layout, CancellationToken stop)
    {
        var spec = LabStore.Require(layout);
        var processes = LabProcesses.Names(spec, layout).Select(name => (name, LabProcesses.Find(layout, name)?.Pid)).ToList();
        return new LabStatus(spec, layout, processes, await PodsAsync(layout, stop));
    }

    public string Table()
    {
        var lines = new List<string>
        {
            $"lab {Spec.Name}: {Spec.Nodes} nodes, API server https://127.0.0.1:{Spec.ApiPort}, kubeconfig {Layout.Kubeconfig}",
            "",
            $"{"PROCESS",-28}   PID",
        };
        lines.AddRange(Processes.Select(process => $"{process.Name,-28}   {process.Pid?.ToString() ?? "down"}"));
        lines.Add("");
        if (Pods is null)
        {
            lines.Add("The API server does not answer.");
        }
        else
        {
            lines.Add($"{"POD",-36}   {"NODE",-8}   {"PHASE",-10}   READY   ADDRESSES");
            lines.AddRange(Pods.Select(pod =>
                $"{pod.Metadata.Namespace + "/" + pod.Metadata.Name,-36}   {pod.Spec.NodeName,-8}   {pod.Status?.Phase,-10}   " +
                $"{(PodFacts.IsReady(pod) ? "yes" : "no"),-5}   {string.Join(", ", PodFacts.Addresses(pod))}"));
        }

        return string.Join('\n', lines) + "\n";
    }

    public JsonObject Json() => new()
    {
        ["name"] = Spec.Name,
        ["kubeconfig"] = Layout.Kubeconfig,
        ["server"] = $"https://127.0.0.1:{Spec.ApiPort}",
        ["well"] = IsWell,
        ["nodes"] = new JsonArray([.. LabPlan.For(Spec).Nodes.Select(node => (JsonNode)new JsonObject
        {
            ["name"] = node.Name, ["netns"] = node.Netns, ["ipv4"] = node.Ipv4, ["ipv6"] = node.Ipv6,
        })]),
        ["processes"] = new JsonArray([.. Processes.Select(process => (JsonNode)new JsonObject
        {
            ["name"] = process.Name, ["pid"] = process.Pid, ["log"] = Layout.Log(process.Name),
        })]),
        ["pods"] = Pods is null ? null : new JsonArray([.. Pods.Select(pod => (JsonNode)new JsonObject
        {
            ["namespace"] = pod.Metadata.Namespace, ["name"] = pod.Metadata.Name, ["node"] = pod.Spec.NodeName,
            ["phase"] = pod.Status?.Phase, ["ready"] = PodFacts.IsReady(pod),
            ["addresses"] = new JsonArray([.. PodFacts.Addresses(pod).Select(address => (JsonNode)address)]),
        })]),
    };

    private static async Task<IReadOnlyList<Pod>?> PodsAsync(LabLayout layout, CancellationToken stop)
    {
        if (!File.Exists(layout.Kubeconfig)) return null;
        using var api = new LabApi(layout.Kubeconfig);
        return await api.IsReadyAsync(stop) ? await api.ListAsync<Pod>(stop) : null;
    }
}
