using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;

namespace Margay.Policy.Reachability.Hosts;

/// <summary>An address of a host's own processes, and the interface at which host endpoints govern it.</summary>
/// <param name="Node">The host.</param>
/// <param name="Address">The address.</param>
/// <param name="At">The interface, as far as host endpoints say: its name (or none) and its addresses.</param>
public sealed record HostPlace(string Node, IpAddr Address, HostInterface At)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Node} ({Address})";
}

/// <summary>Host endpoints of which it is not certain what they govern, so that nothing is said about them.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Why">What is missing.</param>
public readonly record struct UncertainHost(HostEndpointId Endpoint, string Why);

/// <summary>
/// Finds the addresses of hosts from what their host endpoints say. Nobody here sees interfaces: taken for certain is only
/// that an interface has the addresses which the endpoints that mean it expect, and that a host's connections use the
/// interface of their address.
/// </summary>
public sealed class HostPlaces
{
    private readonly List<HostPlace> _places = [];
    private readonly Dictionary<HostEndpointId, string> _uncertain = [];

    /// <summary>Reads the host endpoints of a compiled policy.</summary>
    public HostPlaces(CompiledState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.HostEndpoints.Count == 0) return;
        var pods = state.Endpoints.Values.SelectMany(e => e.Addresses).ToHashSet();
        var elsewhere = state.HostEndpoints.Values.SelectMany(e => e.Addresses.Select(a => (a, e.Node))).Distinct().ToLookup(p => p.a, p => p.Node);
        foreach (var node in state.HostEndpoints.Values.OrderBy(e => e.Id.Name, StringComparer.Ordinal).GroupBy(e => e.Node).OrderBy(n => n.Key, StringComparer.Ordinal))
        {
            var endpoints = node.ToArray();
            if (Array.Find(endpoints, e => IsNamed(e) && e.Addresses.IsEmpty) is { } blind)
            {
                foreach (var endpoint in endpoints) _uncertain[endpoint.Id] = $"{blind.Id} has no expectedIPs: which addresses of {node.Key} are at {blind.InterfaceName} is not known";
                continue;
            }
            foreach (var endpoint in endpoints.Where(e => e.Addresses.IsEmpty)) _uncertain[endpoint.Id] = "it has no expectedIPs";
            foreach (var address in endpoints.SelectMany(e => e.Addresses).Distinct().Order()) Place(endpoints, node.Key, address, pods, elsewhere);
        }
    }

    /// <summary>The addresses, in order of host and address.</summary>
    public IReadOnlyList<HostPlace> Places => _places;

    /// <summary>The endpoints about which nothing is said, in order of name.</summary>
    public ImmutableArray<UncertainHost> Uncertain => [.. _uncertain.OrderBy(u => u.Key.Name, StringComparer.Ordinal).Select(u => new UncertainHost(u.Key, u.Value))];

    private void Place(HostEndpointUpdate[] endpoints, string node, IpAddr address, HashSet<IpAddr> pods, ILookup<IpAddr, string> elsewhere)
    {
        var here = Array.FindAll(endpoints, e => e.Addresses.Contains(address));
        var meant = Array.FindAll(here, e => e.InterfaceName != HostEndpointUpdate.AllInterfaces);
        string? why =
            pods.Contains(address) ? $"{address} is a pod's address"
            : elsewhere[address].Skip(1).Any() ? $"{address} is expected at several hosts"
            : meant.Where(IsNamed).Select(e => e.InterfaceName).Distinct().Skip(1).Any() ? $"{address} is expected at several interfaces"
            : meant.Any(e => !e.Addresses.ToHashSet().SetEquals(meant[0].Addresses)) ? $"the endpoints of {node} that expect {address} expect different addresses beside it"
            : null;
        if (why is null)
        {
            string name = meant.FirstOrDefault(IsNamed)?.InterfaceName ?? "";
            _places.Add(new HostPlace(node, address, new HostInterface(name, meant.Length > 0 ? meant[0].Addresses : [address])));
            return;
        }
        foreach (var endpoint in here) _uncertain[endpoint.Id] = why;
    }

    private static bool IsNamed(HostEndpointUpdate endpoint) => endpoint.InterfaceName.Length > 0 && endpoint.InterfaceName != HostEndpointUpdate.AllInterfaces;
}
