using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Answers.Completion;

/// <summary>The EndpointSlices that Kubernetes would write for a service with a selector.</summary>
internal static class ServiceBackends
{
    /// <summary>One slice for each family and list of ports.</summary>
    internal static IEnumerable<EndpointSlice> Slices(Service service, IEnumerable<Pod> pods)
    {
        var backends = pods.Where(pod => Selects(service, pod)).SelectMany(pod => Addresses(pod).Select(address => (Address: address, Ports: Ports(service, pod))));
        int number = 0;
        foreach (var group in backends.GroupBy(b => (b.Address.Family, Key: string.Join(',', b.Ports.Select(p => $"{p.Name}:{p.Port}/{p.Protocol}")))))
        {
            var slice = new EndpointSlice
            {
                AddressType = group.Key.Family == IpFamily.V4 ? "IPv4" : "IPv6",
                Endpoints = [.. group.Select(b => new Endpoint { Addresses = [b.Address.ToString()] })],
                Ports = group.First().Ports,
            };
            slice.Metadata.Namespace = service.Metadata.Namespace;
            slice.Metadata.Name = $"{service.Metadata.Name}-implied-{number++}";
            slice.Metadata.Labels = new() { [EndpointSlice.ServiceNameLabel] = service.Metadata.Name! };
            yield return slice;
        }
    }

    private static bool Selects(Service service, Pod pod) =>
        pod.Metadata.Namespace == service.Metadata.Namespace && pod.Spec.HostNetwork != true
        && service.Spec.Selector!.All(l => pod.Metadata.Labels?.GetValueOrDefault(l.Key) == l.Value);

    private static IEnumerable<IpAddr> Addresses(Pod pod)
    {
        foreach (var entry in pod.Status?.PodIPs ?? [])
            if (IpAddr.TryParse(entry.Ip, out var address)) yield return address;
    }

    /// <summary>A target port by name that the pod does not declare leaves the port out, as Kubernetes does.</summary>
    private static List<EndpointPort> Ports(Service service, Pod pod)
    {
        var ports = new List<EndpointPort>();
        foreach (var port in service.Spec.Ports ?? [])
        {
            string protocol = port.Protocol ?? "TCP";
            int? number = port.TargetPort switch
            {
                null => port.Port,
                { Number: { } target } => target == 0 ? port.Port : target,
                { Text: var name } => pod.Spec.Containers?.SelectMany(c => c.Ports ?? []).FirstOrDefault(p => p.Name == name && (p.Protocol ?? "TCP") == protocol)?.Number,
            };
            if (number is not null) ports.Add(new EndpointPort { Name = port.Name ?? "", Port = number, Protocol = protocol });
        }
        return ports;
    }
}
