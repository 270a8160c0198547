using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tables;

/// <summary>The columns of services and of what stands behind them.</summary>
internal static class ServiceColumns
{
    /// <summary>Services.</summary>
    public static IReadOnlyList<Column> Service { get; } =
    [
        Column.ObjectName,
        Column.Defaulted("Type", "How the service is reached.", "ClusterIP", "spec", "type"),
        Column.Text("Cluster-IP", "The address within the cluster.", ClusterAddress),
        Column.Text("External-IP", "Addresses from outside.", ExternalAddress),
        Column.Text("Port(s)", "The ports, with node ports after a colon.", Ports),
        Column.Age,
        Column.Text("Selector", "The labels of the pods behind the service.", s => s.At("spec", "selector").Pairs()).Wide(),
    ];

    /// <summary>Endpoints.</summary>
    public static IReadOnlyList<Column> Endpoints { get; } =
        [Column.ObjectName, Column.Text("Endpoints", "Addresses with ports.", e => Pairs(e).Short()), Column.Age];

    /// <summary>Endpoint slices.</summary>
    public static IReadOnlyList<Column> EndpointSlice { get; } =
    [
        Column.ObjectName,
        Column.Field("AddressType", "The kind of address.", "addressType"),
        Column.Text("Ports", "The ports.", SlicePorts),
        Column.Text("Endpoints", "The addresses.", SliceAddresses),
        Column.Age,
    ];

    private static string ClusterAddress(JsonObject service)
    {
        if (service.Items("spec", "clusterIPs") is [var first, ..])
            return first.Text().OrNone();
        return service.Text("spec", "clusterIP").OrNone();
    }

    private static string ExternalAddress(JsonObject service)
    {
        var given = service.Texts("spec", "externalIPs").ToList();
        switch (service.Text("spec", "type"))
        {
            case "ExternalName":
                return service.Text("spec", "externalName").OrNone();
            case "LoadBalancer":
                var balanced = service.Items("status", "loadBalancer", "ingress")
                    .Select(i => i.Text("ip") is { Length: > 0 } ip ? ip : i.Text("hostname")).Concat(given);
                return string.Join(",", balanced) is { Length: > 0 } all ? all : "<pending>";
            default:
                return string.Join(",", given).OrNone();
        }
    }

    private static string Ports(JsonObject service) => string.Join(",", service.Items("spec", "ports").Select(port =>
    {
        var protocol = port.Text("protocol") is { Length: > 0 } p ? p : "TCP";
        return port.Number("nodePort") is > 0 and var node ? $"{port.Plain("port")}:{node}/{protocol}" : $"{port.Plain("port")}/{protocol}";
    })).OrNone();

    private static IEnumerable<string> Pairs(JsonObject endpoints)
    {
        foreach (var subset in endpoints.Items("subsets"))
        {
            var ports = subset.Items("ports");
            foreach (var address in subset.Items("addresses").Select(a => a.Text("ip")))
            {
                if (ports.Count == 0)
                    yield return address;
                foreach (var port in ports)
                    yield return address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port.Plain("port")}" : $"{address}:{port.Plain("port")}";
            }
        }
    }

    private static string SlicePorts(JsonObject slice) => slice.Items("ports") is { Count: > 0 } ports
        ? ports.Select(p => p.Plain("port") is { Length: > 0 } port ? port : "*").Short()
        : "<unset>";

    private static string SliceAddresses(JsonObject slice) =>
        slice.Items("endpoints").SelectMany(e => e.Texts("addresses")).ToList() is { Count: > 0 } addresses ? addresses.Short() : "<unset>";
}
