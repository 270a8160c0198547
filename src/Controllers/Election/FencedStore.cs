using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Controllers.Election;

/// <summary>
/// The datastore as a leader sees it: no write starts when it leads no longer, whatever its timers have noticed. A process
/// that was stopped for a minute and goes on finds its writes refused here.
/// </summary>
internal sealed class FencedStore(IResourceStore store, Leadership leadership) : IResourceStore
{
    /// <inheritdoc/>
    public Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) => store.GetAsync(kind, ns, name, stop);

    /// <inheritdoc/>
    public Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop) => store.ListAsync(kind, scope, stop);

    /// <inheritdoc/>
    public Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop) => Guarded(() => store.CreateAsync(kind, value, stop));

    /// <inheritdoc/>
    public Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop) =>
        Guarded(() => store.UpdateAsync(kind, value, subresource, stop));

    /// <inheritdoc/>
    public Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop) =>
        Guarded(() => store.DeleteAsync(kind, ns, name, preconditions, stop));

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(KindInfo kind, Scope scope, string resourceVersion, CancellationToken stop) =>
        store.WatchAsync(kind, scope, resourceVersion, stop);

    private T Guarded<T>(Func<T> write)
        where T : Task => leadership.Holds ? write() : throw new NotLeaderException();
}

/// <summary>A write was about to start without the lease.</summary>
internal sealed class NotLeaderException() : InvalidOperationException("this process does not hold the lease any more: nothing is written");
