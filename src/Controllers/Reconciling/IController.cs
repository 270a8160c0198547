using Margay.Model.Resources;

namespace Margay.Controllers.Reconciling;

/// <summary>
/// Brings a part of the cluster's state where it should be, one key at a time. What a key means is the controller's: a
/// node, a service. Reconciling looks at what is, not at what happened, so it may be repeated and begun anew at any time.
/// </summary>
internal interface IController
{
    /// <summary>What logs and metrics call it.</summary>
    string Name { get; }

    /// <summary>Whether it stands still while the datastore is not to be written (ClusterInformation's <c>datastoreReady</c>).</summary>
    bool WaitsForDatastore => true;

    /// <summary>Takes note of a change; memory only, one caller at a time.</summary>
    /// <returns>The keys that have to be looked at.</returns>
    IReadOnlyCollection<string> Observe(in ResourceUpdate update);

    /// <summary>Every key, for looking at all of them without an occasion.</summary>
    IReadOnlyCollection<string> Keys();

    /// <summary>Does what there is to do for a key. Called by many at once, but never for the same key.</summary>
    /// <returns>When to look at it again; null for no particular time.</returns>
    Task<TimeSpan?> ReconcileAsync(string key, CancellationToken stop);
}
