using System.Text.Json.Nodes;
using Margay.Lab.Api;
using Margay.Lab.Manifests;
using Margay.Lab.Nodes;
using Margay.Lab.Processes;
using Margay.Lab.Topology;

namespace Margay.Lab.Commands;

/// <summary>Brings a lab up, or repairs one, or adds manifests to one that runs; each step is harmless when it has been done.</summary>
internal sealed class LabUp(LabUpOptions options, StepProgress progress)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly LabLayout _layout = options.Layout;

    /// <summary>The lab as it runs now.</summary>
    public async Task<LabSpec> RunAsync(CancellationToken stop)
    {
        var manifests = ManifestSet.Load(options.Manifests);
        var spec = LabStore.Merge(LabStore.Find(_layout), options, manifests.Outside);
        Preconditions.Check(spec);
        LabStore.Save(spec, _layout);
        var plan = LabPlan.For(spec);

        await StepAsync("network", () => NetworkAsync(plan, spec, stop), made => made ? $"{spec.Nodes} nodes on a bridge" : "as it was");
        await StepAsync("processes", () => ProcessesAsync(spec, plan, stop), count => $"{count} processes");
        using var api = await StepAsync("API server", () => ApiServerAsync(spec, plan, stop), _ => $"https://127.0.0.1:{spec.ApiPort}");
        await StepAsync("nodes and pools", () => BaseAsync(api, plan, stop), count => $"{count} objects");
        if (manifests.Objects.Count > 0)
            await StepAsync("manifests", () => ApplyAsync(api, manifests.Objects, stop), count => $"{count} objects");
        await StepAsync("pods", () => new PodWait(api, _layout, options.Patience).RunAsync(stop), count => $"{count} pods run");
        return spec;
    }

    private Task<T> StepAsync<T>(string name, Func<Task<T>> step, Func<T, string> describe) => progress.RunAsync(name, step, describe);

    private async Task<bool> NetworkAsync(LabPlan plan, LabSpec spec, CancellationToken stop)
    {
        // A supervisor would start processes in namespaces that are about to go.
        await LabProcesses.StopSupervisorAsync(_layout, stop);
        bool made = await Fabric.EnsureAsync(plan, spec.Outside, _layout.FabricComplete, stop);
        if (!made) await Fabric.EnsureOutsideAsync(plan, spec.Outside, stop);
        return made;
    }

    private async Task<int> ProcessesAsync(LabSpec spec, LabPlan plan, CancellationToken stop)
    {
        foreach (var node in plan.Nodes)
        {
            CniConfiguration.Write(_layout, node);
            Directory.CreateDirectory(_layout.NodeRun(node.Name));
        }

        await LabProcesses.StartAsync(spec, _layout, stop);
        return LabDaemons.For(spec, _layout).Count;
    }

    private async Task<LabApi> ApiServerAsync(LabSpec spec, LabPlan plan, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.Patience);
        try
        {
            while (!File.Exists(_layout.InnerKubeconfig)) await Task.Delay(Look, limit.Token);
            await WriteKubeconfigAsync(spec, plan, limit.Token);
            var api = new LabApi(_layout.Kubeconfig);
            while (!await api.IsReadyAsync(limit.Token)) await Task.Delay(Look, limit.Token);
            return api;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new LabException($"it is not ready after {options.Patience.TotalSeconds:0} s", _layout.Log(LabDaemons.ApiServer));
        }
    }

    // The server's own kubeconfig names its address on the fabric, which only the lab's machines can reach.
    private async Task WriteKubeconfigAsync(LabSpec spec, LabPlan plan, CancellationToken stop)
    {
        string inner = await File.ReadAllTextAsync(_layout.InnerKubeconfig, stop);
        string outer = inner.Replace(
            $"https://{plan.ControlPlane.Ipv4}:{LabPlan.ApiServerPort}", $"https://127.0.0.1:{spec.ApiPort}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(_layout.Kubeconfig, outer, stop);
        File.SetUnixFileMode(_layout.Kubeconfig, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task<int> BaseAsync(LabApi api, LabPlan plan, CancellationToken stop)
    {
        int count = await ApplyAsync(api, BaseManifests.For(plan, _layout), stop);
        foreach (var node in plan.Nodes) await NodeRegistration.WriteStatusAsync(api, node, TimeProvider.System.GetUtcNow(), stop);
        return count;
    }

    private static async Task<int> ApplyAsync(LabApi api, IEnumerable<JsonObject> objects, CancellationToken stop)
    {
        int count = 0;
        foreach (var document in objects)
        {
            await api.ApplyAsync(document, stop);
            count++;
        }

        return count;
    }
}
