using Margay.Controllers.Addresses;
using Margay.Controllers.ClusterFacts;
using Margay.Controllers.Configuration;
using Margay.Controllers.Events;
using Margay.Controllers.HostEndpoints;
using Margay.Controllers.Hosting;
using Margay.Controllers.LoadBalancers;
using Margay.Controllers.Reconciling;
using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers;

/// <summary>
/// One term of a leader: every controller, begun with nothing remembered, over one watch of the cluster. The workers
/// begin when everything that exists has been seen.
/// </summary>
internal sealed class ControllersTerm(
    IResourceStore store, ControllersOptions options, SettingsSource settings, ControllersHealth health, IpamMetrics ipamMetrics, TimeProvider time,
    ILogger logger)
{
    private static readonly InformerSource[] Sources =
    [
        new(KindRegistry.Of<KubeControllersConfiguration>()), new(KindRegistry.Of<ClusterInformation>()), new(KindRegistry.Of<Node>()),
        new(KindRegistry.Of<HostEndpoint>()), new(KindRegistry.Of<Service>()), new(KindRegistry.Of<Namespace>()), new(KindRegistry.Of<IPPool>()),
        new(KindRegistry.Of<IPReservation>()), new(KindRegistry.Of<IPAMConfiguration>()), new(KindRegistry.Of<IPAMBlock>()),
    ];

    /// <summary>Works until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        health.Begins();
        await settings.Known.WaitAsync(stop);
        var gate = new DatastoreGate();
        List<ControllerLoop> loops = [];
        var collection = new CollectionController(new IpamStore(store), ipamMetrics, settings, time, logger);
        foreach (var controller in Controllers(gate, collection, AllAgain)) loops.Add(new ControllerLoop(controller, gate, time, logger));
        try
        {
            using var follows = settings.OnChange(AllAgain);
            await WorkAsync(loops, stop);
        }
        finally
        {
            foreach (var loop in loops) loop.Dispose();
            collection.Clear();
            health.Ended(Sources.Select(s => s.Kind.Plural));
        }

        void AllAgain()
        {
            foreach (var loop in loops) loop.AddAll();
        }
    }

    private IEnumerable<IController> Controllers(DatastoreGate gate, CollectionController collection, Action opened)
    {
        var pools = new PoolCache();
        // Two writes for each address, in upstream's form: services are few, and upstream's controller finds by handle.
        var ipam = new IpamClient(
            new IpamStore(store), new IpamClientOptions { Handles = HandleRecording.Always }, ipamMetrics, time, _ => ValueTask.FromResult(pools.View));
        yield return new ConfigurationController(store, options.EnabledControllers);
        yield return new ClusterInformationController(store, gate, options.Version, opened, logger);
        yield return new HostEndpointController(store, settings, logger);
        yield return new LoadBalancerController(
            store, pools, new LoadBalancerAddresses(ipam, time), settings, new EventRecorder(store, time, logger), time, logger);
        yield return collection;
    }

    private async Task WorkAsync(List<ControllerLoop> loops, CancellationToken stop)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var informer = new Informer(store, Sources, new InformerOptions { Time = time, OnTrouble = Tell });
        var parts = new List<Task> { informer.RunAsync(all.Token), FeedAsync(informer, loops, all) };
        // Whatever ends by itself ends the term: better begun anew whole than running half.
        await Task.WhenAny(parts);
        await all.CancelAsync();
        await Task.WhenAll(parts);
    }

    private async Task FeedAsync(Informer informer, List<ControllerLoop> loops, CancellationTokenSource all)
    {
        Task working = Task.CompletedTask;
        try
        {
            await foreach (var batch in informer.Batches.ReadAllAsync(all.Token))
            {
                foreach (var update in batch.Updates)
                {
                    foreach (var loop in loops) loop.Observe(update);
                }
                if (!batch.InSync) continue;
                health.Works();
                working = WorkAsync();
            }
        }
        finally
        {
            await working;
        }

        async Task WorkAsync()
        {
            try
            {
                await Task.WhenAll(loops.Select(l => l.RunAsync(all.Token)));
            }
            finally
            {
                await all.CancelAsync();
            }
        }
    }

    private void Tell(KindInfo kind, Exception? cause)
    {
        health.Datastore(kind.Plural, cause?.Message);
        if (cause is null) logger.DatastoreRecovered(kind.Plural);
        else logger.DatastoreTrouble(kind.Plural, cause);
    }
}
