using Margay.Lab.Pods;
using Margay.Lab.Processes;
using Margay.Lab.Topology;

namespace Margay.Lab.Commands;

/// <summary>Finds a running pod's files and processes, without asking the API: also when it is down.</summary>
internal static class PodAccess
{
    public static ContainerDirectory Container(LabSpec spec, LabLayout layout, string ns, string pod, string? container)
    {
        var directory = LabPlan.For(spec).Nodes
            .SelectMany(node => PodDirectory.All(layout.Pods(node.Name)))
            .FirstOrDefault(directory => directory.Pod.Namespace == ns && directory.Pod.Name == pod)
            ?? throw new LabException($"pod {ns}/{pod} is not on any node of lab \"{spec.Name}\"");
        var containers = directory.Containers.Order(StringComparer.Ordinal).ToList();
        string name = container ?? (containers.Count > 0 ? containers[0] : throw new LabException($"pod {ns}/{pod} has not started yet"));
        return containers.Contains(name)
            ? directory.Container(name)
            : throw new LabException($"pod {ns}/{pod} has no container \"{name}\"; it has {string.Join(", ", containers)}");
    }

    /// <summary>The arguments of <c>nsenter</c> that run a command where the container runs.</summary>
    public static IReadOnlyList<string> Enter(LabSpec spec, ContainerDirectory container, IReadOnlyList<string> command)
    {
        if (ProcessIdentity.Load(container.PidFile) is not { IsAlive: true } process) throw new LabException("the container does not run");
        return ["--target", $"{process.Pid}", "--net", "--mount", "--uts", "--", "env", $"PATH={LabDaemons.SearchPath(spec)}", .. command];
    }
}
