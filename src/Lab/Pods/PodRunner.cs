using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>
/// The node agent of a lab: gives every pod of its node a worker, including those that it finds on disk and that the API
/// does not know any more.
/// </summary>
internal sealed class PodRunner(NodeContext node)
{
    private readonly Dictionary<string, PodWorker> _workers = new(StringComparer.Ordinal);
    private readonly List<Task> _tasks = [];

    /// <summary>The pod as the API has it.</summary>
    public void Changed(Pod pod, CancellationToken stop) => WorkerOf(PodDirectory.Of(node.Pods, pod.Metadata), stop).Tell(pod);

    /// <summary>The API has the pod no more.</summary>
    public void Gone(Pod pod, CancellationToken stop)
    {
        var directory = PodDirectory.Of(node.Pods, pod.Metadata);
        if (Directory.Exists(directory.Path)) WorkerOf(directory, stop).Tell(null);
        _workers.Remove(directory.Path);
    }

    /// <summary>The API's pods of this node are known: what is on disk besides them is cleaned up.</summary>
    public void Complete(IReadOnlyCollection<Pod> pods, CancellationToken stop)
    {
        var known = pods.Select(pod => PodDirectory.Of(node.Pods, pod.Metadata).Path).ToHashSet();
        foreach (var stale in PodDirectory.All(node.Pods).Where(directory => !known.Contains(directory.Path)))
            WorkerOf(stale, stop).Tell(null);
    }

    /// <summary>Ends when all workers have ended.</summary>
    public Task WaitAsync() => Task.WhenAll(_tasks);

    private PodWorker WorkerOf(PodDirectory directory, CancellationToken stop)
    {
        if (_workers.TryGetValue(directory.Path, out var worker)) return worker;
        _workers[directory.Path] = worker = new PodWorker(node, directory);
        _tasks.RemoveAll(task => task.IsCompleted);
        _tasks.Add(worker.RunAsync(stop));
        return worker;
    }
}
