using System.Collections.Frozen;
using Margay.ApiServer.Storage;
using Margay.Model.Datastore;
using Margay.Model.Registry;

namespace Margay.ApiServer.Kubernetes;

/// <summary>The followers of all kinds that are served.</summary>
internal sealed class KindFeeds : IAsyncDisposable
{
    private readonly FrozenDictionary<KindInfo, KindFeed[]> _feeds;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    public KindFeeds(IResourceStore cluster, IEnumerable<KindInfo> kinds, TimeProvider time, int retainEvents = 2_000) =>
        _feeds = kinds.ToFrozenDictionary(kind => kind, kind => kind != DerivedProfiles.Kind
            ? [new KindFeed(cluster, kind, time, retainEvents)]
            : DerivedProfiles.Sources.Select(source => new KindFeed(cluster, source.Kind, time, retainEvents, (kind, source.Profile))).ToArray());

    /// <summary>What keeps watches from being told of changes; null when nothing does.</summary>
    public string? Trouble => All.Select(feed => feed.Trouble).FirstOrDefault(trouble => trouble is not null);

    private IEnumerable<KindFeed> All => _feeds.Values.SelectMany(feeds => feeds);

    /// <summary>A watch of a kind from a revision on.</summary>
    public IStorageWatch Follow(KindInfo kind, string prefix, long after) => new FeedWatch(_feeds[kind], prefix, after);

    /// <summary>Begins to follow.</summary>
    public void Start() => _running.AddRange(All.Select(feed => Task.Run(() => feed.RunAsync(_stop.Token))));

    /// <summary>Ends when every kind has been listed once.</summary>
    public Task ListedAsync(CancellationToken stop) => Task.WhenAll(All.Select(feed => feed.Listed)).WaitAsync(stop);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
