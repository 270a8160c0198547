using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>The cluster's datastore as address management sees it: lost races become values.</summary>
public sealed class IpamStore(IResourceStore store) : IIpamStore
{
    /// <inheritdoc/>
    public async ValueTask<T?> GetAsync<T>(string name, CancellationToken stop) where T : Resource, new() =>
        await store.FindAsync<T>(null, name, stop);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<T>> ListAsync<T>((string Label, string Value)? only, CancellationToken stop) where T : Resource, new() =>
        await store.ListAsync<T>(new Scope(LabelSelector: only is { } l ? $"{l.Label}={l.Value}" : null), stop);

    /// <inheritdoc/>
    public ValueTask<Written<T>> CreateAsync<T>(T value, CancellationToken stop) where T : Resource, new() =>
        WriteAsync(() => store.CreateAsync(value, stop));

    /// <inheritdoc/>
    public ValueTask<Written<T>> UpdateAsync<T>(T value, CancellationToken stop) where T : Resource, new() =>
        string.IsNullOrEmpty(value.Metadata.ResourceVersion)
            ? throw new ArgumentException($"{value.Kind} {value.Metadata.Name} names no version: the write would be unconditional.", nameof(value))
            : WriteAsync(() => store.UpdateAsync(value, stop));

    /// <inheritdoc/>
    public async ValueTask<WriteStatus> DeleteAsync<T>(T value, CancellationToken stop) where T : Resource, new()
    {
        // Upstream marks an object as deleted first, because deletions had no preconditions when it was written.
        var version = new Preconditions(value.Metadata.Uid, value.Metadata.ResourceVersion);
        try
        {
            await store.DeleteAsync(KindRegistry.Of<T>(), null, value.Metadata.Name!, version, stop);
            return WriteStatus.Done;
        }
        catch (ApiException error) when (StatusOf(error) is not null)
        {
            return StatusOf(error)!.Value;
        }
    }

    private static async ValueTask<Written<T>> WriteAsync<T>(Func<Task<T>> write) where T : Resource
    {
        try
        {
            return new(WriteStatus.Done, await write());
        }
        catch (ApiException error) when (StatusOf(error) is not null)
        {
            return new(StatusOf(error)!.Value, null);
        }
    }

    private static WriteStatus? StatusOf(ApiException error) =>
        error.IsAlreadyExists ? WriteStatus.Exists
        : error.IsConflict ? WriteStatus.Conflict
        : error.IsNotFound ? WriteStatus.Missing
        : null;
}
