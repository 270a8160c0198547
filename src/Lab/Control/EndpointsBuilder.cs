using System.Net;
using System.Net.Sockets;
using Margay.Model.Resources;

namespace Margay.Lab.Control;

/// <summary>
/// Computes what Kubernetes' endpoints controllers write: for a service with a selector one Endpoints object (with the
/// first address of each pod) and EndpointSlices (one per address family and set of ports).
/// </summary>
internal static class EndpointsBuilder
{
    /// <summary>The value of <see cref="ManagedByLabel"/> on slices that the lab writes.</summary>
    public const string Manager = "lab.margay.io";

    /// <summary>Says who writes a slice.</summary>
    public const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";

    /// <summary>The Endpoints object of a service.</summary>
    public static Endpoints Endpoints(Service service, IReadOnlyList<Backend> backends) => new()
    {
        Metadata = Metadata(service, service.Metadata.Name!),
        Subsets = [.. backends.Where(backend => backend.Ports.Count > 0).GroupBy(backend => backend.PortsKey).Select(group => Subset(service, [.. group]))],
    };

    /// <summary>The EndpointSlices of a service.</summary>
    public static IEnumerable<EndpointSlice> Slices(Service service, IReadOnlyList<Backend> backends)
    {
        foreach (var (type, family) in new[] { ("IPv4", AddressFamily.InterNetwork), ("IPv6", AddressFamily.InterNetworkV6) })
        {
            int number = 0;
            var groups = backends.Where(backend => AddressesOf(backend, family).Any()).GroupBy(backend => backend.PortsKey);
            foreach (var group in groups)
                yield return Slice(service, type, family, number++, [.. group]);
        }
    }

    private static EndpointSubset Subset(Service service, IReadOnlyList<Backend> backends)
    {
        bool all = service.Spec.PublishNotReadyAddresses == true;
        List<EndpointAddress> ready = [.. backends.Where(backend => all || PodFacts.IsReady(backend.Pod)).Select(Address)];
        List<EndpointAddress> notReady = [.. backends.Where(backend => !all && !PodFacts.IsReady(backend.Pod)).Select(Address)];
        return new EndpointSubset
        {
            Addresses = ready.Count > 0 ? ready : null,
            NotReadyAddresses = notReady.Count > 0 ? notReady : null,
            Ports = [.. backends[0].Ports.Select(port => new CoreEndpointPort { Name = port.Name, Port = port.Port, Protocol = port.Protocol })],
        };
    }

    private static EndpointAddress Address(Backend backend) => new()
    {
        Ip = PodFacts.Addresses(backend.Pod).First(),
        NodeName = backend.Pod.Spec.NodeName,
        TargetRef = Reference(backend.Pod),
    };

    private static EndpointSlice Slice(Service service, string type, AddressFamily family, int number, IReadOnlyList<Backend> backends)
    {
        string suffix = number == 0 ? "" : $"-{number}";
        var slice = new EndpointSlice
        {
            Metadata = Metadata(service, $"{service.Metadata.Name}-{(family == AddressFamily.InterNetwork ? "ipv4" : "ipv6")}{suffix}"),
            AddressType = type,
            Endpoints = [.. backends.Select(backend => SliceEndpoint(service, backend, family))],
            Ports = [.. backends[0].Ports.Select(port => new EndpointPort { Name = port.Name ?? "", Port = port.Port, Protocol = port.Protocol })],
        };
        slice.Metadata.Labels![EndpointSlice.ServiceNameLabel] = service.Metadata.Name!;
        slice.Metadata.Labels[ManagedByLabel] = Manager;
        return slice;
    }

    private static Endpoint SliceEndpoint(Service service, Backend backend, AddressFamily family)
    {
        bool ready = PodFacts.IsReady(backend.Pod);
        return new Endpoint
        {
            Addresses = [.. AddressesOf(backend, family)],
            Conditions = new EndpointConditions
            {
                Ready = ready || service.Spec.PublishNotReadyAddresses == true,
                Serving = ready,
                Terminating = backend.Pod.Metadata.DeletionTimestamp is not null,
            },
            NodeName = backend.Pod.Spec.NodeName,
            TargetRef = Reference(backend.Pod),
        };
    }

    private static IEnumerable<string> AddressesOf(Backend backend, AddressFamily family) =>
        PodFacts.Addresses(backend.Pod).Where(text => IPAddress.TryParse(text, out var address) && address.AddressFamily == family);

    private static ObjectReference Reference(Pod pod) =>
        new() { Kind = "Pod", Namespace = pod.Metadata.Namespace, Name = pod.Metadata.Name, Uid = pod.Metadata.Uid };

    private static ObjectMeta Metadata(Service service, string name) => new()
    {
        Name = name,
        Namespace = service.Metadata.Namespace,
        Labels = new Dictionary<string, string>(service.Metadata.Labels ?? []),
        OwnerReferences =
        [
            new OwnerReference
            {
                ApiVersion = ApiVersions.Core, Kind = "Service", Name = service.Metadata.Name, Uid = service.Metadata.Uid,
                Controller = true, BlockOwnerDeletion = true,
            },
        ],
    };
}
