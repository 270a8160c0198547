using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore;

/// <summary>The verbs of <see cref="IResourceStore"/> with typed objects; the kind follows from the type.</summary>
public static class ResourceStoreExtensions
{
    /// <summary>Reads an object.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="ns">The namespace; null for cluster-wide kinds.</param>
    /// <param name="name">The name.</param>
    /// <param name="stop">Ends the call.</param>
    /// <exception cref="ApiException">For example, there is none.</exception>
    public static async Task<T> GetAsync<T>(this IResourceStore store, string? ns, string name, CancellationToken stop)
        where T : Resource => (T)await store.GetAsync(KindRegistry.Of<T>(), ns, name, stop);

    /// <summary>Reads an object that may not exist.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="ns">The namespace; null for cluster-wide kinds.</param>
    /// <param name="name">The name.</param>
    /// <param name="stop">Ends the call.</param>
    /// <returns>The object, or null.</returns>
    public static async Task<T?> FindAsync<T>(this IResourceStore store, string? ns, string name, CancellationToken stop)
        where T : Resource
    {
        try
        {
            return await store.GetAsync<T>(ns, name, stop);
        }
        catch (ApiException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Reads a collection.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="scope">Which objects.</param>
    /// <param name="stop">Ends the call.</param>
    public static async Task<IReadOnlyList<T>> ListAsync<T>(this IResourceStore store, Scope scope, CancellationToken stop)
        where T : Resource => [.. (await store.ListAsync(KindRegistry.Of<T>(), scope, stop)).Items.Cast<T>()];

    /// <summary>Makes an object.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="value">The object.</param>
    /// <param name="stop">Ends the call.</param>
    public static async Task<T> CreateAsync<T>(this IResourceStore store, T value, CancellationToken stop)
        where T : Resource => (T)await store.CreateAsync(KindRegistry.Of<T>(), value, stop);

    /// <summary>Replaces an object; if it names a version, only that one.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="value">The object.</param>
    /// <param name="stop">Ends the call.</param>
    public static async Task<T> UpdateAsync<T>(this IResourceStore store, T value, CancellationToken stop)
        where T : Resource => (T)await store.UpdateAsync(KindRegistry.Of<T>(), value, null, stop);

    /// <summary>Replaces the status of an object.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="value">The object.</param>
    /// <param name="stop">Ends the call.</param>
    public static async Task<T> UpdateStatusAsync<T>(this IResourceStore store, T value, CancellationToken stop)
        where T : Resource => (T)await store.UpdateAsync(KindRegistry.Of<T>(), value, "status", stop);

    /// <summary>Deletes an object.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="store">The store.</param>
    /// <param name="ns">The namespace; null for cluster-wide kinds.</param>
    /// <param name="name">The name.</param>
    /// <param name="preconditions">Which incarnation or version is meant; null for any.</param>
    /// <param name="stop">Ends the call.</param>
    public static Task DeleteAsync<T>(
        this IResourceStore store, string? ns, string name, Preconditions? preconditions, CancellationToken stop)
        where T : Resource => store.DeleteAsync(KindRegistry.Of<T>(), ns, name, preconditions, stop);
}
