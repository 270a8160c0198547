using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Lab.Api;

/// <summary>Everything that policy depends on, as the API has it at one time.</summary>
internal static class ClusterState
{
    private static readonly KindInfo[] Kinds =
    [
        KindRegistry.Of<Namespace>(), KindRegistry.Of<ServiceAccount>(), KindRegistry.Of<Node>(), KindRegistry.Of<Pod>(),
        KindRegistry.Of<Service>(), KindRegistry.Of<EndpointSlice>(), KindRegistry.Of<Tier>(), KindRegistry.Of<NetworkPolicy>(),
        KindRegistry.Of<GlobalNetworkPolicy>(), KindRegistry.Of<KubeNetworkPolicy>(), KindRegistry.Of<NetworkSet>(),
        KindRegistry.Of<GlobalNetworkSet>(), KindRegistry.Of<Profile>(), KindRegistry.Of<IPPool>(), KindRegistry.Of<FelixConfiguration>(),
    ];

    /// <summary>All objects of all kinds that matter.</summary>
    public static async Task<IReadOnlyList<Resource>> ReadAsync(LabApi api, CancellationToken stop)
    {
        var listings = await Task.WhenAll(Kinds.Select(kind => api.Store.ListAsync(kind, default, stop)));
        return [.. listings.SelectMany(listing => listing.Items)];
    }
}
