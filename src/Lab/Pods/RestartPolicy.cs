using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>What a pod's restartPolicy says about its containers.</summary>
internal static class RestartPolicy
{
    /// <summary>Whether a container that ended with this code is to be started again.</summary>
    public static bool Restarts(Pod pod, int exitCode) => pod.Spec.RestartPolicy switch
    {
        "Never" => false,
        "OnFailure" => exitCode != 0,
        _ => true,
    };

    /// <summary>The pod's phase (Kubernetes' definition), from its containers; null observations have not started.</summary>
    public static string Phase(Pod pod, IReadOnlyCollection<ContainerObservation> containers)
    {
        if (containers.All(container => !container.Started)) return "Pending";
        if (containers.Any(container => container.ExitCode is not { } code || Restarts(pod, code))) return "Running";
        return containers.All(container => container.ExitCode == 0) ? "Succeeded" : "Failed";
    }
}
