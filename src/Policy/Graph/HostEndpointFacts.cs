using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Conversion;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>What matters here about a host endpoint.</summary>
/// <param name="Node">The node it is on.</param>
/// <param name="InterfaceName">The interface, <c>*</c> for all, or empty: the one with an expected address.</param>
/// <param name="Labels">Its own labels.</param>
/// <param name="Addresses">The expected addresses that are addresses.</param>
/// <param name="Profiles">The profiles it lists, each once.</param>
/// <param name="Ports">The ports it names.</param>
internal sealed record HostEndpointFacts(
    string Node, string InterfaceName, LabelSet Labels, IpAddr[] Addresses, string[] Profiles, NamedPort[] Ports)
{
    /// <summary>Reads a host endpoint; entries that cannot be understood are left out.</summary>
    internal static HostEndpointFacts Read(HostEndpoint endpoint, LabelPool pool)
    {
        var spec = endpoint.Spec;
        return new HostEndpointFacts(
            spec.Node ?? "",
            spec.InterfaceName ?? "",
            LabelSet.Create(pool, OwnLabels.Of(endpoint, "")),
            [.. AddressesOf(spec).Distinct()],
            [.. (spec.Profiles ?? []).Where(p => !string.IsNullOrEmpty(p)).Distinct()],
            [.. PortsOf(spec)]);
    }

    private static IEnumerable<IpAddr> AddressesOf(HostEndpointSpec spec)
    {
        foreach (string text in spec.ExpectedIPs ?? [])
            if (IpAddr.TryParse(text, out var address)) yield return address;
    }

    private static IEnumerable<NamedPort> PortsOf(HostEndpointSpec spec)
    {
        foreach (var port in spec.Ports ?? [])
            if (port is { Name.Length: > 0, Port: > 0 and <= ushort.MaxValue } && RuleCompiler.NumberOf(port.Protocol) is { } protocol)
                yield return new NamedPort(port.Name, protocol, (ushort)port.Port);
    }
}
