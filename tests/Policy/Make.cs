using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Graph;

namespace Margay.Policy.Tests;

/// <summary>Short ways to write resources.</summary>
internal static class Make
{
    public static Dictionary<string, string> Labels(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);

    public static T Named<T>(T resource, string @namespace, string name, string labels = "") where T : Resource
    {
        resource.Metadata.Name = name;
        resource.Metadata.Namespace = @namespace.Length == 0 ? null : @namespace;
        resource.Metadata.Labels = labels.Length == 0 ? null : Labels(labels);
        return resource;
    }

    public static Pod Pod(string @namespace, string name, string address, string labels = "", string account = "", string ports = "") =>
        Named(new Pod
        {
            Spec = new PodSpec
            {
                ServiceAccountName = account.Length == 0 ? null : account,
                Containers = [new Container { Name = "c", Ports = [.. ports.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Port)] }],
            },
            Status = new PodStatus
            {
                Phase = "Running",
                PodIPs = [.. address.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(a => new PodIP { Ip = a })],
            },
        }, @namespace, name, labels);

    /// <summary>A port as <c>name:80</c> or <c>name:80/UDP</c>.</summary>
    private static ContainerPort Port(string text)
    {
        string[] parts = text.Split(':', '/');
        return new ContainerPort { Name = parts[0], Number = int.Parse(parts[1]), Protocol = parts.Length > 2 ? parts[2] : null };
    }

    public static Namespace Namespace(string name, string labels = "") => Named(new Namespace(), "", name, labels);

    public static ServiceAccount Account(string @namespace, string name, string labels = "") => Named(new ServiceAccount(), @namespace, name, labels);

    public static Tier Tier(string name, double? order, string action = "Deny") =>
        Named(new Tier { Spec = new TierSpec { Order = order, DefaultAction = action } }, "", name);

    public static NetworkPolicy Policy(string @namespace, string name, NetworkPolicySpec spec) => Named(new NetworkPolicy { Spec = spec }, @namespace, name);

    public static GlobalNetworkPolicy Global(string name, GlobalNetworkPolicySpec spec) => Named(new GlobalNetworkPolicy { Spec = spec }, "", name);

    public static KubeNetworkPolicy Kube(string @namespace, string name, KubeNetworkPolicySpec spec) => Named(new KubeNetworkPolicy { Spec = spec }, @namespace, name);

    public static ClusterNetworkPolicy Cluster(string name, ClusterNetworkPolicySpec spec) => Named(new ClusterNetworkPolicy { Spec = spec }, "", name);

    public static NetworkSet Set(string @namespace, string name, string labels, params string[] nets) =>
        Named(new NetworkSet { Spec = new NetworkSetSpec { Nets = [.. nets] } }, @namespace, name, labels);

    public static GlobalNetworkSet GlobalSet(string name, string labels, params string[] nets) =>
        Named(new GlobalNetworkSet { Spec = new NetworkSetSpec { Nets = [.. nets] } }, "", name, labels);

    /// <summary>A host endpoint that names TCP port 8443 "api".</summary>
    public static HostEndpoint Host(string name, string node, string? interfaceName, string addresses = "", string labels = "", string profiles = "") =>
        Named(
            new HostEndpoint
            {
                Spec = new HostEndpointSpec
                {
                    Node = node,
                    InterfaceName = interfaceName,
                    ExpectedIPs = [.. addresses.Split(',', StringSplitOptions.RemoveEmptyEntries)],
                    Profiles = [.. profiles.Split(',', StringSplitOptions.RemoveEmptyEntries)],
                    Ports = [new HostEndpointPort { Name = "api", Protocol = Protocol.Tcp, Port = 8443 }],
                },
            },
            "", name, labels);

    public static EndpointSlice Slice(string @namespace, string name, string service, string[] addresses, params (string? Protocol, int? Port)[] ports) =>
        Named(
            new EndpointSlice
            {
                AddressType = "IPv4",
                Endpoints = [.. addresses.Select(a => new Endpoint { Addresses = [a] })],
                Ports = [.. ports.Select(p => new EndpointPort { Protocol = p.Protocol, Port = p.Port })],
            },
            @namespace, name, $"kubernetes.io/service-name={service}");

    public static Rule Allow(EntityRule? source = null, EntityRule? destination = null, Protocol? protocol = null) => Rule("Allow", source, destination, protocol);

    public static Rule Deny(EntityRule? source = null, EntityRule? destination = null, Protocol? protocol = null) => Rule("Deny", source, destination, protocol);

    public static Rule Rule(string action, EntityRule? source = null, EntityRule? destination = null, Protocol? protocol = null) =>
        new() { Action = action, Source = source, Destination = destination, Protocol = protocol };

    public static ResourceUpdate Update(Resource resource) => new(resource.Key, resource);

    public static ResourceUpdate Gone(Resource resource) => new(resource.Key, null);

    public static LocalEndpoint Local(string @namespace, string name, params string[] addresses) =>
        new(@namespace, name, $"cali-{name}", [.. addresses.Select(IpAddr.Parse)]);
}
