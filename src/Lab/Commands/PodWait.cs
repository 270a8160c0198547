using Margay.Lab.Api;
using Margay.Lab.Control;
using Margay.Lab.Processes;
using Margay.Lab.Topology;
using Margay.Model.Resources;

namespace Margay.Lab.Commands;

/// <summary>Waits until every pod of the lab is ready or has ended well.</summary>
internal sealed class PodWait(LabApi api, LabLayout layout, TimeSpan patience)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>How many pods there are.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(patience);
        IReadOnlyList<Pod> pods = [];
        try
        {
            while (true)
            {
                pods = await api.ListAsync<Pod>(limit.Token);
                if (pods.All(pod => PodFacts.IsReady(pod) || pod.Status?.Phase == "Succeeded")) return pods.Count;
                await Task.Delay(Look, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            var late = pods.Where(pod => !PodFacts.IsReady(pod)).ToList();
            string? node = late.Select(pod => pod.Spec.NodeName).FirstOrDefault(name => name is not null);
            string words = string.Join("; ", late.Take(3).Select(Describe));
            throw new LabException(
                $"{late.Count} of {pods.Count} pods are not ready after {patience.TotalSeconds:0} s: {words}",
                layout.Log(node is null ? LabDaemons.Controller : LabDaemons.Kubelet(node)));
        }
    }

    private static string Describe(Pod pod)
    {
        string? waiting = pod.Status?.ContainerStatuses?.Select(status => status.State?.Waiting).FirstOrDefault(state => state is not null)?.Message;
        string why = pod.Status?.Message ?? waiting ?? (pod.Spec.NodeName is null ? "it has no node" : pod.Status?.Phase ?? "it has no status");
        return $"{pod.Metadata.Namespace}/{pod.Metadata.Name}: {why}";
    }
}
