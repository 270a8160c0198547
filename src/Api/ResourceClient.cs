using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Api;

/// <summary>The objects of one kind. Without a namespace, reads of collections are about all of them.</summary>
/// <typeparam name="T">The kind.</typeparam>
public sealed class ResourceClient<T> where T : Resource
{
    private const int MostEdits = 10;
    private readonly IResourceStore _store;
    private readonly string? _namespace;

    internal ResourceClient(IResourceStore store, string? @namespace) => (_store, _namespace) = (store, @namespace);

    /// <summary>The objects of a namespace.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <exception cref="InvalidOperationException">The kind has no namespaces.</exception>
    public ResourceClient<T> InNamespace(string @namespace)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        var kind = KindRegistry.Of<T>();
        return kind.Namespaced ? new(_store, @namespace) : throw new InvalidOperationException($"{kind.Kind} is a kind of the whole cluster: it has no namespaces.");
    }

    /// <summary>Reads an object.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="stop">Ends the call.</param>
    /// <exception cref="ApiException">There is none, or it may not be read.</exception>
    public Task<T> GetAsync(string name, CancellationToken stop = default) => _store.GetAsync<T>(Namespace(), name, stop);

    /// <summary>Reads an object that may not be there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="stop">Ends the call.</param>
    public Task<T?> FindAsync(string name, CancellationToken stop = default) => _store.FindAsync<T>(Namespace(), name, stop);

    /// <summary>Reads the collection, whole and as it was at one moment.</summary>
    /// <param name="labels">A Kubernetes label selector, for example <c>app=shop,tier!=db</c>; null for all.</param>
    /// <param name="fields">A field selector, for example <c>spec.tier=default</c>; null for all.</param>
    /// <param name="stop">Ends the call.</param>
    public Task<IReadOnlyList<T>> ListAsync(string? labels = null, string? fields = null, CancellationToken stop = default) =>
        _store.ListAsync<T>(new Scope(_namespace, labels, fields), stop);

    /// <summary>Makes an object that must not be there yet.</summary>
    /// <param name="value">The object; without a namespace it gets this client's.</param>
    /// <param name="stop">Ends the call.</param>
    /// <returns>The object with what the server filled in.</returns>
    public Task<T> CreateAsync(T value, CancellationToken stop = default) => _store.CreateAsync(Placed(value), stop);

    /// <summary>Replaces an object; if it names a resource version, only that one.</summary>
    /// <param name="value">The object.</param>
    /// <param name="stop">Ends the call.</param>
    public Task<T> UpdateAsync(T value, CancellationToken stop = default) => _store.UpdateAsync(Placed(value), stop);

    /// <summary>Replaces the status of an object, and nothing else of it.</summary>
    /// <param name="value">The object.</param>
    /// <param name="stop">Ends the call.</param>
    public Task<T> UpdateStatusAsync(T value, CancellationToken stop = default) => _store.UpdateStatusAsync(Placed(value), stop);

    /// <summary>
    /// Reads, changes and writes an object, and does it again when somebody else was faster, up to ten times. The change
    /// may run several times, each time on a fresh copy.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="change">Changes it in place.</param>
    /// <param name="stop">Ends the call.</param>
    /// <exception cref="ApiException">There is none, the result is refused, or others were faster ten times.</exception>
    public async Task<T> EditAsync(string name, Action<T> change, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        for (int attempt = 1; ; attempt++)
        {
            var value = await GetAsync(name, stop);
            change(value);
            try
            {
                return await UpdateAsync(value, stop);
            }
            catch (ApiException conflict) when (conflict.IsConflict && attempt < MostEdits)
            {
                // Somebody else was faster: once more, on what is there now.
                continue;
            }
        }
    }

    /// <summary>Deletes an object, or asks for it when it has finalizers.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="preconditions">Which incarnation or version is meant; null for any.</param>
    /// <param name="stop">Ends the call.</param>
    public Task DeleteAsync(string name, Preconditions? preconditions = null, CancellationToken stop = default) =>
        _store.DeleteAsync<T>(Namespace(), name, preconditions, stop);

    /// <summary>
    /// A cache that follows the collection, whatever happens to the connection. It is filled and kept up to date in the
    /// background until it is disposed of.
    /// </summary>
    /// <param name="labels">A Kubernetes label selector; null for all.</param>
    public ResourceCache<T> Cache(string? labels = null) => new(_store, new Scope(_namespace, labels));

    private string? Namespace() => KindRegistry.Of<T>().Namespaced
        ? _namespace ?? throw new InvalidOperationException($"A {typeof(T).Name} is in a namespace: call InNamespace first.")
        : null;

    private T Placed(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (KindRegistry.Of<T>().Namespaced) value.Metadata.Namespace ??= Namespace();
        return value;
    }
}
