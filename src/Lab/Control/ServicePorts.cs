using Margay.Model.Resources;

namespace Margay.Lab.Control;

/// <summary>A port of a service as one pod serves it.</summary>
internal readonly record struct ResolvedPort(string? Name, string Protocol, int Port);

/// <summary>A pod behind a service, with the ports it serves.</summary>
internal sealed record Backend(Pod Pod, IReadOnlyList<ResolvedPort> Ports)
{
    /// <summary>Equal for backends that can share a subset or a slice.</summary>
    public string PortsKey => string.Join(',', Ports);
}

/// <summary>Resolves a service's target ports: a number means itself, a name means the pod's port of that name and protocol.</summary>
internal static class ServicePorts
{
    /// <summary>The pods behind a service, in order of their names; pods without an address or without any port do not count.</summary>
    public static IReadOnlyList<Backend> Backends(Service service, IEnumerable<Pod> pods) =>
    [
        .. pods
            .Where(pod => pod.Metadata.Namespace == service.Metadata.Namespace && PodFacts.Selects(service.Spec.Selector, pod))
            .Where(pod => !PodFacts.IsOver(pod) && PodFacts.Addresses(pod).Any())
            .OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => new Backend(pod, Resolve(service, pod))),
    ];

    private static List<ResolvedPort> Resolve(Service service, Pod pod)
    {
        var ports = new List<ResolvedPort>();
        foreach (var port in service.Spec.Ports ?? [])
        {
            string protocol = port.Protocol ?? "TCP";
            int? number = port.TargetPort switch
            {
                null => port.Port,
                { Text: { } name } => Named(pod, name, protocol),
                { Number: 0 } => port.Port,
                { } target => target.Number,
            };
            if (number is { } found) ports.Add(new ResolvedPort(port.Name, protocol, found));
        }

        return ports;
    }

    private static int? Named(Pod pod, string name, string protocol) =>
        pod.Spec.Containers?
            .SelectMany(container => container.Ports ?? [])
            .FirstOrDefault(port => port.Name == name && (port.Protocol ?? "TCP") == protocol)?.Number;
}
