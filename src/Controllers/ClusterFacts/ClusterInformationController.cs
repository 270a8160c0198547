using Margay.Controllers.Hosting;
using Margay.Controllers.Reconciling;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.ClusterFacts;

/// <summary>Keeps ClusterInformation, and closes the gate of the others while it says that the datastore is not ready.</summary>
internal sealed class ClusterInformationController(IResourceStore store, DatastoreGate gate, string version, Action opened, ILogger logger) : IController
{
    public string Name => "cluster-information";

    public bool WaitsForDatastore => false;

    public IReadOnlyCollection<string> Observe(in ResourceUpdate update)
    {
        if (update.Key is not { Kind: "ClusterInformation", Name: ClusterInformationPlan.Name }) return [];
        bool ready = (update.Value as ClusterInformation)?.Spec.DatastoreReady ?? true;
        if (!ready && gate.IsOpen) logger.DatastoreClosed();
        if (gate.Set(ready))
        {
            logger.DatastoreOpen();
            opened();
        }
        return Keys();
    }

    public IReadOnlyCollection<string> Keys() => [ClusterInformationPlan.Name];

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken stop)
    {
        var stored = await store.FindAsync<ClusterInformation>(null, ClusterInformationPlan.Name, stop);
        // A datastore that is being moved is left as it is, this object too.
        if (stored?.Spec.DatastoreReady == false) return null;
        if (ClusterInformationPlan.Desired(stored, version, Guid.NewGuid().ToString("N")) is not { } desired) return null;
        if (stored is null) await store.CreateAsync(desired, stop);
        else await store.UpdateAsync(desired, stop);
        return null;
    }
}
