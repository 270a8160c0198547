using Margay.Model.Datastore;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Controllers.Tests.Support;

/// <summary>Waits for the datastore to say something, by its watch.</summary>
internal static class Eventually
{
    /// <summary>Returns when the objects of a kind satisfy a condition; else the test's own time limit ends it.</summary>
    public static async Task<IReadOnlyList<T>> UntilAsync<T>(this IResourceStore store, Func<IReadOnlyList<T>, bool> condition, CancellationToken stop)
        where T : Resource
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        var kind = KindRegistry.Of<T>();
        IReadOnlyList<T> items = [];
        try
        {
            while (true)
            {
                var list = await store.ListAsync(kind, default, limit.Token);
                items = [.. list.Items.Cast<T>()];
                if (condition(items)) return items;
                await foreach (var _ in store.WatchAsync(kind, default, list.ResourceVersion, limit.Token)) break;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"it never came to that; the last {kind.Plural} seen: {string.Join("; ", items.Select(i => i.Metadata.Name))}");
        }
    }
}
