using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Graph;

/// <summary>
/// The backends of services, from EndpointSlices; from Endpoints while a service has no slice. Readiness is not consulted
/// (as upstream): policy says who may talk, not who answers.
/// </summary>
internal sealed class ServiceTable
{
    private readonly record struct ServiceKey(string Namespace, string Name);

    private sealed class Backends
    {
        public readonly Dictionary<string, List<IpSetMember>> Slices = new(StringComparer.Ordinal);
        public List<IpSetMember>? Endpoints;
    }

    private readonly Dictionary<ServiceKey, Backends> _services = [];
    private readonly Dictionary<(string Namespace, string Slice), string> _serviceOfSlice = [];

    /// <summary>Adds, changes or (null) removes a slice. Returns the names of the services that it concerns, which may be two.</summary>
    public IEnumerable<string> SetSlice(string @namespace, string name, EndpointSlice? slice)
    {
        var touched = new List<string>(2);
        if (_serviceOfSlice.Remove((@namespace, name), out string? before))
        {
            _services[new(@namespace, before)].Slices.Remove(name);
            Forget(new(@namespace, before));
            touched.Add(before);
        }
        if (slice?.Metadata.Labels is { } labels && labels.TryGetValue(EndpointSlice.ServiceNameLabel, out string? service) && service.Length > 0)
        {
            _serviceOfSlice.Add((@namespace, name), service);
            Of(new(@namespace, service)).Slices[name] = [.. MembersOf(slice)];
            if (service != before) touched.Add(service);
        }
        return touched;
    }

    /// <summary>Adds, changes or (null) removes the Endpoints object of a service.</summary>
    public void SetEndpoints(string @namespace, string name, Endpoints? endpoints)
    {
        var key = new ServiceKey(@namespace, name);
        Of(key).Endpoints = endpoints is null ? null : [.. MembersOf(endpoints)];
        Forget(key);
    }

    /// <summary>The members of the set of a service: with ports, or as addresses alone.</summary>
    public HashSet<IpSetMember> Members(string @namespace, string name, bool withPorts)
    {
        if (!_services.TryGetValue(new(@namespace, name), out var backends)) return [];
        IEnumerable<IpSetMember> all = backends.Slices.Count > 0 ? backends.Slices.Values.SelectMany(m => m) : backends.Endpoints ?? [];
        return withPorts ? [.. all.Where(m => m.Port != 0)] : [.. all.Select(m => new IpSetMember(m.Prefix))];
    }

    /// <summary>Every address once without a port, and once with each port.</summary>
    private static IEnumerable<IpSetMember> MembersOf(EndpointSlice slice)
    {
        foreach (var endpoint in slice.Endpoints)
        {
            foreach (string text in endpoint.Addresses)
            {
                // A slice of address type FQDN holds names; they are no members.
                if (!IpAddr.TryParse(text, out var address)) continue;
                yield return new IpSetMember(address.ToPrefix());
                foreach (var port in slice.Ports ?? [])
                    if (port.Port is { } number && Member(address, port.Protocol, number) is { } member) yield return member;
            }
        }
    }

    private static IEnumerable<IpSetMember> MembersOf(Endpoints endpoints)
    {
        foreach (var subset in endpoints.Subsets ?? [])
        {
            foreach (var entry in (subset.Addresses ?? []).Concat(subset.NotReadyAddresses ?? []))
            {
                if (!IpAddr.TryParse(entry.Ip, out var address)) continue;
                yield return new IpSetMember(address.ToPrefix());
                foreach (var port in subset.Ports ?? [])
                    if (Member(address, port.Protocol, port.Port) is { } member) yield return member;
            }
        }
    }

    private static IpSetMember? Member(IpAddr address, string? protocol, int port) =>
        port is < 1 or > ushort.MaxValue ? null : new IpSetMember(address.ToPrefix(), PortProtocols.Number(protocol), (ushort)port);

    private Backends Of(ServiceKey key)
    {
        if (!_services.TryGetValue(key, out var backends))
        {
            backends = new Backends();
            _services.Add(key, backends);
        }
        return backends;
    }

    private void Forget(ServiceKey key)
    {
        if (_services.TryGetValue(key, out var backends) && backends is { Endpoints: null, Slices.Count: 0 }) _services.Remove(key);
    }
}

/// <summary>The protocols of ports in core objects.</summary>
internal static class PortProtocols
{
    /// <summary>The number; anything but UDP and SCTP is TCP, the documented default.</summary>
    internal static byte Number(string? name) => name switch
    {
        "UDP" => 17,
        "SCTP" => 132,
        _ => 6,
    };
}
