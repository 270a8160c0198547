using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Kube;

/// <summary>
/// Reads kinds in an older version where the server does not have the one that we prefer: Kubernetes 1.20 has endpoint slices
/// as discovery.k8s.io/v1beta1 only. Objects come as the preferred version has them.
/// </summary>
/// <param name="store">The API server.</param>
internal sealed class OlderVersions(IResourceStore store) : IResourceStore
{
    // The version that answered last; asked first the next time.
    private readonly ConcurrentDictionary<KindInfo, KindInfo> _spoken = new();

    public Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) =>
        TryAsync(kind, async version => Newer(kind, await store.GetAsync(version, ns, name, stop)));

    public Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop) =>
        TryAsync(kind, async version =>
        {
            var list = await store.ListAsync(version, scope, stop);
            foreach (var item in list.Items)
                Newer(kind, item);
            return list;
        });

    public Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop) => store.CreateAsync(kind, value, stop);

    public Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop) =>
        store.UpdateAsync(kind, value, subresource, stop);

    public Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop) =>
        store.DeleteAsync(kind, ns, name, preconditions, stop);

    public async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
        KindInfo kind, Scope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken stop)
    {
        // A watch goes on from a list, which has found the version.
        await foreach (var events in store.WatchAsync(_spoken.GetValueOrDefault(kind, kind), scope, resourceVersion, stop))
        {
            foreach (var happened in events)
                Newer(kind, happened.Value);
            yield return events;
        }
    }

    private async Task<T> TryAsync<T>(KindInfo kind, Func<KindInfo, Task<T>> call)
    {
        var others = KindRegistry.All.Where(other => other != kind && !other.Served && other.Group == kind.Group && other.Kind == kind.Kind && other.ClrType == kind.ClrType);
        KindInfo[] versions = [_spoken.GetValueOrDefault(kind, kind), kind, .. others];
        foreach (var version in versions.Distinct())
        {
            try
            {
                var answer = await call(version);
                _spoken[kind] = version;
                return answer;
            }
            catch (ApiException missing) when (missing.Status.Code == 404 && version != versions[^1])
            {
                // The next version, or the same answer from all of them.
                continue;
            }
        }

        return await call(kind);
    }

    private static Resource Newer(KindInfo kind, Resource value)
    {
        (value.ApiVersion, value.Kind) = (kind.ApiVersion, kind.Kind);
        foreach (var endpoint in (value as EndpointSlice)?.Endpoints ?? [])
        {
            // discovery.k8s.io/v1beta1 tells place and zone as labels.
            endpoint.NodeName ??= endpoint.Topology?.GetValueOrDefault("kubernetes.io/hostname");
            endpoint.Zone ??= endpoint.Topology?.GetValueOrDefault("topology.kubernetes.io/zone");
        }

        return value;
    }
}
