using Margay.Model.Resources;

namespace Margay.Lab.Control;

/// <summary>A pod and the node it goes to.</summary>
internal readonly record struct Assignment(Pod Pod, string Node);

/// <summary>
/// Chooses nodes: the one with the fewest pods among those that the pod's nodeSelector allows, ties by name. With equal
/// pods that is round robin, and the same pods always land on the same nodes.
/// </summary>
internal static class Scheduling
{
    /// <summary>The assignments for all pods that have no node yet; pods for which there is no node are left out.</summary>
    public static IReadOnlyList<Assignment> Assign(IReadOnlyCollection<Pod> pods, IReadOnlyCollection<Node> nodes)
    {
        var load = nodes.Where(node => node.Spec.Unschedulable != true).ToDictionary(node => node.Metadata.Name!, _ => 0, StringComparer.Ordinal);
        foreach (var pod in pods.Where(pod => !PodFacts.IsOver(pod)))
        {
            if (pod.Spec.NodeName is { } taken && load.TryGetValue(taken, out int count)) load[taken] = count + 1;
        }

        var assignments = new List<Assignment>();
        foreach (var pod in pods.Where(IsWaiting).OrderBy(pod => pod.Metadata.Namespace, StringComparer.Ordinal).ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal))
        {
            string? node = nodes
                .Where(node => load.ContainsKey(node.Metadata.Name!) && Allows(pod, node))
                .Select(node => node.Metadata.Name!)
                .OrderBy(name => load[name])
                .ThenBy(name => name, StringComparer.Ordinal)
                .FirstOrDefault();
            if (node is null) continue;
            load[node]++;
            assignments.Add(new Assignment(pod, node));
        }

        return assignments;
    }

    private static bool IsWaiting(Pod pod) =>
        string.IsNullOrEmpty(pod.Spec.NodeName) && pod.Metadata.DeletionTimestamp is null && !PodFacts.IsOver(pod);

    private static bool Allows(Pod pod, Node node) =>
        pod.Spec.NodeSelector is not { } wanted
        || wanted.All(label => node.Metadata.Labels?.GetValueOrDefault(label.Key) == label.Value);
}
