using Margay.Model.Resources;

namespace Margay.Model.Datastore.Informers;

/// <summary>Drops what no calculation reads: it is most of the bytes of a cluster's pods and nodes.</summary>
public static class ResourceTrimming
{
    /// <summary>Trims an object in place. Never write such an object back.</summary>
    /// <param name="value">The object.</param>
    public static void Trim(Resource value)
    {
        ArgumentNullException.ThrowIfNull(value);
        value.Metadata.ManagedFields = null;
        value.Metadata.Annotations?.Remove("kubectl.kubernetes.io/last-applied-configuration");
        switch (value)
        {
            case Pod pod:
                Trim(pod);
                break;
            case Node { Status: { } status }:
                (status.Images, status.VolumesInUse, status.VolumesAttached, status.Conditions) = (null, null, null, null);
                break;
        }
    }

    private static void Trim(Pod pod)
    {
        pod.Spec.Other = null;
        foreach (var container in (pod.Spec.Containers ?? []).Concat(pod.Spec.InitContainers ?? []))
            (container.Other, container.Env, container.Command, container.Args, container.Image) = (null, null, null, null, null);
        if (pod.Status is not { } status)
            return;
        (status.Other, status.Conditions, status.ContainerStatuses, status.InitContainerStatuses) = (null, null, null, null);
    }
}
