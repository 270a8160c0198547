using System.Net;
using Margay.Model.Resources;
using Margay.Testbed.Dns.Wire;

namespace Margay.Testbed.Dns.Names;

/// <summary>The names of one service: itself, its ports, and the hosts behind it when it is headless.</summary>
internal sealed class ServiceNames(Service service, Endpoints? endpoints)
{
    private readonly string _name = $"{service.Metadata.Name}.{service.Metadata.Namespace}.svc.{ClusterNames.Zone}";

    /// <summary>Whether it has no virtual address, so that its name means the hosts.</summary>
    public bool IsHeadless => service.Spec.ClusterIP is null or "" or "None";

    /// <summary>The service's own name: addresses, or all of its ports.</summary>
    public DnsAnswer Itself(string name, RecordType type) => type == RecordType.Srv
        ? DnsAnswer.Of(Ports(name, (_, _) => true))
        : DnsAnswer.Of(Addresses().Select(address => new AddressRecord(name, IPAddress.Parse(address)))).OfType(type);

    /// <summary>A host behind it.</summary>
    public DnsAnswer Host(string name, string host, RecordType type)
    {
        var found = Hosts().Where(address => HostOf(address) == host).ToList();
        return found.Count == 0
            ? DnsAnswer.NoSuchName
            : DnsAnswer.Of(found.Select(address => new AddressRecord(name, IPAddress.Parse(address.Ip)))).OfType(type);
    }

    /// <summary>A port, <c>_NAME._PROTOCOL</c>.</summary>
    public DnsAnswer Port(string name, string port, string protocol, RecordType type)
    {
        var found = Ports(name, (itsName, itsProtocol) => Same(itsName, port) && Same(itsProtocol ?? "TCP", protocol)).ToList();
        return found.Count == 0 ? DnsAnswer.NoSuchName
            : type is RecordType.Srv or RecordType.Any ? DnsAnswer.Of(found)
            : DnsAnswer.Nothing;
    }

    /// <summary>The full name of the host with an address, or null when none has it or it has no host name.</summary>
    public string? HostWith(string address) =>
        Hosts().FirstOrDefault(host => host.Ip == address && !string.IsNullOrEmpty(host.Hostname)) is { } found ? $"{found.Hostname}.{_name}" : null;

    /// <summary>The virtual addresses.</summary>
    public IEnumerable<string> VirtualAddresses() =>
        IsHeadless ? [] : service.Spec.ClusterIPs is { Count: > 0 } all ? all : [service.Spec.ClusterIP!];

    private IEnumerable<string> Addresses() => IsHeadless ? Hosts().Select(host => host.Ip).Distinct() : VirtualAddresses();

    // Kubernetes lists those that are not ready as ready when the service says to publish them.
    private IEnumerable<EndpointAddress> Hosts() => (endpoints?.Subsets ?? []).SelectMany(subset => subset.Addresses ?? []);

    private IEnumerable<DnsRecord> Ports(string name, Func<string?, string?, bool> wanted) => IsHeadless
        ? (endpoints?.Subsets ?? []).SelectMany(subset =>
            from port in subset.Ports ?? []
            where wanted(port.Name, port.Protocol)
            from host in subset.Addresses ?? []
            select new PortRecord(name, port.Port, $"{HostOf(host)}.{_name}"))
        : (service.Spec.Ports ?? []).Where(port => wanted(port.Name, port.Protocol)).Select(port => new PortRecord(name, port.Port, _name));

    private static string HostOf(EndpointAddress address) =>
        string.IsNullOrEmpty(address.Hostname) ? Dashes.Format(address.Ip) : address.Hostname;

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
