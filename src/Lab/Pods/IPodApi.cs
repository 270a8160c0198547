using Margay.Model.Resources;

namespace Margay.Lab.Pods;

/// <summary>What the pod runner tells the API server.</summary>
internal interface IPodApi
{
    /// <summary>Writes a pod's status; nothing happens when the pod is gone.</summary>
    Task WriteStatusAsync(Pod pod, PodStatus status, CancellationToken stop);

    /// <summary>Says that nothing of the pod is left on the node, so that its object can go.</summary>
    Task ForgetAsync(Pod pod, CancellationToken stop);
}
