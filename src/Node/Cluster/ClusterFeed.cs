using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Node.Engine;
using Margay.Node.Health;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Cluster;

/// <summary>Follows everything that this node's policy, routes and addresses depend on, and hands it to the engine.</summary>
internal sealed class ClusterFeed(IResourceStore store, ClusterCache cluster, NodeEngine engine, NodeHealth health, TimeProvider time, ILogger<ClusterFeed> logger)
{
    private static readonly InformerSource[] _sources =
    [
        new(KindRegistry.Of<Tier>()), new(KindRegistry.Of<NetworkPolicy>()), new(KindRegistry.Of<GlobalNetworkPolicy>()),
        new(KindRegistry.Of<KubeNetworkPolicy>()), new(KindRegistry.Of<NetworkSet>()), new(KindRegistry.Of<GlobalNetworkSet>()),
        new(KindRegistry.Of<HostEndpoint>()), new(KindRegistry.Of<ClusterNetworkPolicy>(), MayBeAbsent: true),
        new(KindRegistry.Of<Profile>(), MayBeAbsent: true), new(KindRegistry.Of<Namespace>()), new(KindRegistry.Of<ServiceAccount>()), new(KindRegistry.Of<Pod>()),
        new(KindRegistry.Of<EndpointSlice>()), new(KindRegistry.Of<Model.Resources.Node>()), new(KindRegistry.Of<IPPool>()),
        new(KindRegistry.Of<IPReservation>()), new(KindRegistry.Of<IPAMConfiguration>()), new(KindRegistry.Of<IPAMBlock>()),
        new(KindRegistry.Of<FelixConfiguration>()),
    ];

    /// <summary>Where another plugin wires the pods: how they become endpoints.</summary>
    public ForeignPods? Foreign { get; init; }

    /// <summary>Runs until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        NodeMetrics.ResyncState.Set(1);
        health.StillStarting("reading the cluster's state");
        var informer = new Informer(store, _sources, new InformerOptions { Time = time, OnTrouble = Tell });
        var running = informer.RunAsync(stop);
        await foreach (var batch in informer.Batches.ReadAllAsync(stop))
        {
            foreach (var update in batch.Updates) cluster.Apply(update);
            if (batch.Updates.Count > 0) await engine.SendAsync(new ResourcesChanged(batch.Updates), stop);
            foreach (var message in Foreign?.Translate(batch.Updates) ?? []) await engine.SendAsync(message, stop);
            if (Foreign is not null) health.Endpoints(Foreign.Count);
            if (!batch.InSync) continue;
            health.StillStarting("programming the kernel");
            await engine.SendAsync(new AllListed(), stop);
            NodeMetrics.ResyncState.Set(3);
        }
        await running;
    }

    private void Tell(KindInfo kind, Exception? cause)
    {
        health.Datastore(cause is null ? null : $"{kind.Plural}: {cause.Message}");
        if (cause is null) logger.DatastoreRecovered(kind.Plural);
        else logger.DatastoreTrouble(kind.Plural, cause);
    }
}
