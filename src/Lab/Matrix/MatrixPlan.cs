using System.Net;
using System.Net.Sockets;
using Margay.Lab.Control;
using Margay.Lab.Pods;
using Margay.Lab.Topology;
using Margay.Model.Resources;

namespace Margay.Lab.Matrix;

/// <summary>What a matrix is made of: every pod with a network of its own, and every TCP port that services and outside hosts have.</summary>
internal static class MatrixPlan
{
    /// <summary>The pods that can probe: they run here, and have a network namespace.</summary>
    public static IReadOnlyList<ProbeSource> Sources(IEnumerable<Pod> pods, LabLayout layout) =>
    [
        .. pods
            .Where(PodFacts.IsReady)
            .OrderBy(pod => pod.Metadata.Namespace, StringComparer.Ordinal).ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .Select(pod => (pod, Sandbox: Sandbox.Load(PodDirectory.Of(layout.Pods(pod.Spec.NodeName!), pod.Metadata).SandboxFile)))
            .Where(found => found.Sandbox is { Ready: true, Netns: not null })
            .Select(found => new ProbeSource(found.pod.Metadata.Namespace!, found.pod.Metadata.Name!, $"/run/netns/{found.Sandbox!.Netns}")),
    ];

    /// <summary>The ports to probe, of one address family.</summary>
    public static IReadOnlyList<ProbeTarget> Targets(
        IEnumerable<Service> services, IReadOnlyCollection<Pod> pods, IEnumerable<OutsideHost> outside, AddressFamily family)
    {
        var targets = new List<ProbeTarget>();
        foreach (var service in services.OrderBy(service => $"{service.Metadata.Namespace}/{service.Metadata.Name}", StringComparer.Ordinal))
        {
            var backends = ServicePorts.Backends(service, pods).Where(backend => PodFacts.IsReady(backend.Pod)).ToList();
            foreach (var backend in backends) targets.AddRange(Ports(service, backend, backends.Count > 1, family));
        }

        foreach (var host in outside)
        {
            if (Address(host.Addresses, family) is not { } address) continue;
            targets.AddRange(host.Ports.Select(port => new ProbeTarget($"outside/{host.Name}:{port}", address, port, null)));
        }

        return targets;
    }

    private static IEnumerable<ProbeTarget> Ports(Service service, Backend backend, bool several, AddressFamily family)
    {
        if (Address(PodFacts.Addresses(backend.Pod), family) is not { } address) yield break;
        string name = several ? $"{service.Metadata.Name}({backend.Pod.Metadata.Name})" : service.Metadata.Name!;
        foreach (var port in backend.Ports.Where(port => port.Protocol == "TCP"))
        {
            yield return new ProbeTarget(
                $"{service.Metadata.Namespace}/{name}:{port.Port}", address, port.Port, (backend.Pod.Metadata.Namespace!, backend.Pod.Metadata.Name!));
        }
    }

    private static IPAddress? Address(IEnumerable<string> addresses, AddressFamily family) =>
        addresses.Select(IPAddress.Parse).FirstOrDefault(address => address.AddressFamily == family);
}
