using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Tests.Kubernetes;

/// <summary>A cluster that does as another does, for those that differ in one thing.</summary>
internal abstract class ClusterDecorator(IResourceStore inner) : IResourceStore
{
    public virtual Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) => inner.GetAsync(kind, ns, name, stop);

    public virtual Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop) => inner.ListAsync(kind, scope, stop);

    public virtual Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop) => inner.CreateAsync(kind, value, stop);

    public virtual Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop) => inner.UpdateAsync(kind, value, subresource, stop);

    public virtual Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop) => inner.DeleteAsync(kind, ns, name, preconditions, stop);

    public virtual IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(KindInfo kind, Scope scope, string resourceVersion, CancellationToken stop) => inner.WatchAsync(kind, scope, resourceVersion, stop);
}
