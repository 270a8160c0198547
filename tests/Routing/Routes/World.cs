using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Routing.Routes;

namespace Margay.Routing.Tests.Routes;

/// <summary>Makes the inputs of the route calculation.</summary>
internal static class World
{
    public static ResourceUpdate Node(string name, string? v4, string? v6 = null) => new(
        new ResourceKey("v1", "Node", "", name),
        new Node { Metadata = { Name = name }, Status = new NodeStatus { Addresses = [.. new[] { v4, v6 }.OfType<string>().Select(a => new NodeAddress { Type = "InternalIP", Address = a })] } });

    public static ResourceUpdate NoNode(string name) => new(new ResourceKey("v1", "Node", "", name), null);

    public static ResourceUpdate Block(string cidr, string? owner, params (int Ordinal, string Node)[] used)
    {
        var prefix = IpPrefix.Parse(cidr);
        var spec = new IPAMBlockSpec { Cidr = cidr, Affinity = owner is null ? null : $"host:{owner}" };
        int size = 1 << (prefix.Address.Bits - prefix.Length);
        for (int i = 0; i < size; i++) spec.Allocations.Add(null);
        foreach (var (ordinal, node) in used)
        {
            spec.Allocations[ordinal] = spec.Attributes.Count;
            spec.Attributes.Add(new AllocationAttribute { HandleId = $"h{ordinal}", ActiveOwnerAttrs = new() { ["node"] = node } });
        }
        return new ResourceUpdate(BlockKey(cidr), new IPAMBlock { Spec = spec });
    }

    public static ResourceUpdate NoBlock(string cidr) => new(BlockKey(cidr), null);

    public static WorkloadEndpointUpdate Pod(string name, string hostInterface, params string[] addresses) => new()
    {
        Id = new EndpointId("ns", name, "eth0"), HostInterface = hostInterface, Addresses = [.. addresses.Select(IpAddr.Parse)],
    };

    public static WorkloadEndpointRemove NoPod(string name) => new(new EndpointId("ns", name, "eth0"));

    public static RouteUpdate Remote(string prefix, string gateway) => new(IpPrefix.Parse(prefix), RouteKind.RemoteNode, "", IpAddr.Parse(gateway));

    public static RouteUpdate Own(string prefix) => new(IpPrefix.Parse(prefix), RouteKind.LocalBlock, "", null);

    public static RouteUpdate Local(string prefix, string hostInterface) => new(IpPrefix.Parse(prefix), RouteKind.LocalWorkload, hostInterface, null);

    public static RouteRemove Gone(string prefix) => new(IpPrefix.Parse(prefix));

    public static void Accept(this RouteCalculator calculator, params object[] inputs)
    {
        foreach (object input in inputs)
        {
            if (input is ResourceUpdate resource) calculator.Accept(resource);
            else calculator.Accept((DataplaneUpdate)input);
        }
    }

    private static ResourceKey BlockKey(string cidr) => new("projectcalico.org/v3", "IPAMBlock", "", cidr.Replace('.', '-').Replace(':', '-').Replace('/', '-'));
}
