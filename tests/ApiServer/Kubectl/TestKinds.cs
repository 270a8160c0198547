using k8s.Models;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>A few kinds for tests that need no more.</summary>
internal static class TestKinds
{
    public static IReadOnlyList<ServedKind> All { get; } =
    [
        new()
        {
            Gvk = new("", "v1", "Pod"), Plural = "pods", Singular = "pod", Namespaced = true, Type = typeof(V1Pod),
            ShortNames = ["po"], Categories = ["all"], HasStatus = true,
        },
        new() { Gvk = new("", "v1", "Node"), Plural = "nodes", Singular = "node", Namespaced = false, Type = typeof(V1Node), ShortNames = ["no"], HasStatus = true },
        new() { Gvk = new("", "v1", "Service"), Plural = "services", Singular = "service", Namespaced = true, Type = typeof(V1Service), ShortNames = ["svc"], HasStatus = true },
        new()
        {
            Gvk = new("networking.k8s.io", "v1", "NetworkPolicy"), Plural = "networkpolicies", Singular = "networkpolicy", Namespaced = true,
            Type = typeof(V1NetworkPolicy), ShortNames = ["netpol"],
        },
        new()
        {
            Gvk = new("discovery.k8s.io", "v1", "EndpointSlice"), Plural = "endpointslices", Singular = "endpointslice", Namespaced = true,
            Type = typeof(V1EndpointSlice),
        },
    ];

    public static SchemaCatalog Catalog { get; } = new(All);
}
