using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Margay.ApiServer.Kubernetes;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Tests.Kubernetes;

/// <summary>What keeps changes from coming is told, and a cluster in trouble is not asked ever faster.</summary>
public sealed class KindFeedTests
{
    private static readonly KindInfo Kind = KindRegistry.Of<Namespace>();
    private static readonly double[] Growing = [100, 200, 400, 800, 1600, 3200, 5000, 5000];

    private readonly InMemoryDatastore _server = new();
    private readonly WaitingClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_that_fails_at_once_is_tried_more_and_more_slowly_and_is_told()
    {
        var cluster = new WatchedCluster(_server, (_, _) => throw new HttpRequestException("refused"));
        await RunAsync(cluster, async feed =>
        {
            Assert.Equal(Growing, await _clock.TakeAsync(Growing.Length, Stop));
            Assert.Equal("namespaces: refused", feed.Trouble);
            Assert.Equal(1, cluster.Lists);
        });
    }

    [Fact]
    public async Task A_cluster_that_forgets_every_version_is_listed_more_and_more_slowly()
    {
        var cluster = new WatchedCluster(_server, (_, _) => throw new ApiException(410, StatusReason.Expired, "too old"));
        await RunAsync(cluster, async _ => Assert.Equal(Growing, await _clock.TakeAsync(Growing.Length, Stop)));
    }

    [Fact]
    public async Task An_event_shows_that_the_watch_works()
    {
        int watches = 0;
        var cluster = new WatchedCluster(_server, (_, _) => ++watches <= 3 ? throw new HttpRequestException("refused") : [new(WatchEventType.Added, Space("a", "7"))]);
        await RunAsync(cluster, async feed =>
        {
            Assert.Equal((double[])[100, 200, 400, 100, 100], await _clock.TakeAsync(5, Stop));
            Assert.Null(feed.Trouble);
            Assert.NotEmpty(feed.Read(5, "/core/namespaces/", out _).Events);
        });
    }

    [Theory]
    [InlineData(typeof(JsonException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task What_cannot_be_understood_is_told_and_the_list_shows_the_state(Type kind)
    {
        var cluster = new WatchedCluster(_server, (_, _) => throw (Exception)Activator.CreateInstance(kind, "strange")!);
        await RunAsync(cluster, async feed =>
        {
            await _clock.TakeAsync(3, Stop);
            Assert.Equal("namespaces: strange", feed.Trouble);
            Assert.True(cluster.Lists >= 3);
        });
    }

    [Fact]
    public async Task A_version_that_is_no_number_is_told()
    {
        var cluster = new WatchedCluster(_server, (_, _) => [new(WatchEventType.Added, Space("a", "x7"))]);
        await RunAsync(cluster, async feed =>
        {
            await _clock.TakeAsync(2, Stop);
            Assert.Contains("\"x7\" is not a number", feed.Trouble, StringComparison.Ordinal);
        });
    }

    private async Task RunAsync(IResourceStore cluster, Func<KindFeed, Task> look)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var feed = new KindFeed(cluster, Kind, _clock, 10);
        Assert.Contains("not read yet", feed.Trouble, StringComparison.Ordinal);
        Task running = feed.RunAsync(end.Token);
        await look(feed);
        await end.CancelAsync();
        _clock.GoOn();
        await running;
    }

    private static Namespace Space(string name, string version) => new() { Metadata = { Name = name, ResourceVersion = version } };

    /// <summary>A cluster whose watches are made by the test and end after their events.</summary>
    private sealed class WatchedCluster(IResourceStore inner, Func<KindInfo, string, IReadOnlyList<WatchEvent>> watch) : ClusterDecorator(inner)
    {
        public int Lists { get; private set; }

        public override Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop)
        {
            Lists++;
            return base.ListAsync(kind, scope, stop);
        }

        public override async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
            KindInfo kind, Scope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken stop)
        {
            await Task.Yield();
            yield return watch(kind, resourceVersion);
        }
    }

    /// <summary>A clock on which a wait lasts until the test has taken it; <see cref="GoOn"/> ends the one that is left.</summary>
    private sealed class WaitingClock : TimeProvider
    {
        private readonly Channel<(double Milliseconds, Action Fire)> _waits = Channel.CreateUnbounded<(double, Action)>();
        private Action? _last;

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _waits.Writer.TryWrite((dueTime.TotalMilliseconds, () => callback(state)));
            return new Timer(_ => { });
        }

        /// <summary>The next waits; when it returns the feed is in the last of them.</summary>
        public async Task<double[]> TakeAsync(int count, CancellationToken stop)
        {
            var taken = new double[count];
            for (int i = 0; i < count; i++)
            {
                _last?.Invoke();
                (taken[i], _last) = await _waits.Reader.ReadAsync(stop);
            }
            return taken;
        }

        public void GoOn() => _last?.Invoke();
    }
}
