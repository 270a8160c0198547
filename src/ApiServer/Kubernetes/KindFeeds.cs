using System.Collections.Frozen;
using Margay.Model.Datastore;
using Margay.Model.Registry;

namespace Margay.ApiServer.Kubernetes;

/// <summary>The followers of all kinds that are served.</summary>
internal sealed class KindFeeds : IAsyncDisposable
{
    private readonly FrozenDictionary<KindInfo, KindFeed> _feeds;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    public KindFeeds(IResourceStore cluster, IEnumerable<KindInfo> kinds, TimeProvider time, int retainEvents = 2_000) =>
        _feeds = kinds.ToFrozenDictionary(kind => kind, kind => new KindFeed(cluster, kind, time, retainEvents));

    /// <summary>What keeps watches from being told of changes; null when nothing does.</summary>
    public string? Trouble => _feeds.Values.Select(feed => feed.Trouble).FirstOrDefault(trouble => trouble is not null);

    public KindFeed Of(KindInfo kind) => _feeds[kind];

    /// <summary>Begins to follow.</summary>
    public void Start() => _running.AddRange(_feeds.Values.Select(feed => Task.Run(() => feed.RunAsync(_stop.Token))));

    /// <summary>Ends when every kind has been listed once.</summary>
    public Task ListedAsync(CancellationToken stop) => Task.WhenAll(_feeds.Values.Select(feed => feed.Listed)).WaitAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
