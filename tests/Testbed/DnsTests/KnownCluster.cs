using Margay.Model.Resources;
using Margay.Testbed.Dns.Names;

namespace Margay.Testbed.Dns.Tests;

/// <summary>A cluster with a service of each sort in the namespace "shop".</summary>
internal sealed class KnownCluster : IClusterState
{
    private readonly Dictionary<string, Endpoints> _endpoints = new(StringComparer.Ordinal)
    {
        ["shop/db"] = new Endpoints
        {
            Subsets =
            [
                new()
                {
                    Addresses = [new() { Ip = "10.244.1.7", Hostname = "db-0" }, new() { Ip = "10.244.2.8" }, new() { Ip = "fd00::9", Hostname = "db-0" }],
                    NotReadyAddresses = [new() { Ip = "10.244.3.9", Hostname = "db-1" }],
                    Ports = [new() { Name = "sql", Port = 5432, Protocol = "TCP" }],
                },
            ],
        },
    };

    private readonly List<Service> _services =
    [
        Service("web", new() { ClusterIP = "10.96.0.7", ClusterIPs = ["10.96.0.7", "fd00:10:96::7"], Ports = [new() { Name = "http", Port = 80 }] }),
        Service("db", new() { ClusterIP = "None", Ports = [new() { Name = "sql", Port = 5432, Protocol = "TCP" }] }),
        Service("away", new() { Type = "ExternalName", ExternalName = "foo.example.com" }),
        Service("alias", new() { Type = "ExternalName", ExternalName = "web.shop.svc.cluster.local" }),
        Service("loop", new() { Type = "ExternalName", ExternalName = "loop.shop.svc.cluster.local" }),
    ];

    public IEnumerable<Service> Services => _services;

    public Service? FindService(string ns, string name) =>
        _services.Find(service => service.Metadata.Namespace == ns && service.Metadata.Name == name);

    public Endpoints? FindEndpoints(string ns, string name) => _endpoints.GetValueOrDefault($"{ns}/{name}");

    private static Service Service(string name, ServiceSpec spec) =>
        new() { Metadata = { Namespace = "shop", Name = name }, Spec = spec };
}
