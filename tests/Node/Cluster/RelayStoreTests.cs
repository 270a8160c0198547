using System.Runtime.CompilerServices;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Node.Cluster;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Margay.Node.Tests.Cluster;

public sealed class RelayStoreTests
{
    private static readonly KindInfo Tiers = KindRegistry.Of<Tier>();

    private readonly InMemoryDatastore _server = new();
    private readonly Broken _relay;
    private readonly StepTime _time = new();

    public RelayStoreTests() => _relay = new Broken(_server);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RelayStore Store => field ??= new RelayStore(_server, _relay, _time, new Random(1), NullLogger.Instance);

    [Fact]
    public async Task Lists_and_watches_at_the_relay_and_does_everything_else_at_the_API_server()
    {
        await Store.CreateAsync(Tiers, Named("one"), Stop);
        Listing list = await Store.ListAsync(Tiers, default, Stop);
        Assert.Single(list.Items);
        Assert.Equal("two", await FirstChangeAsync(list, "two"));
        Assert.Equal(2, _relay.Asked);
    }

    [Fact]
    public async Task Goes_to_the_API_server_when_the_relay_is_gone_and_comes_back_after_a_while()
    {
        _relay.IsGone = true;
        Listing list = await Store.ListAsync(Tiers, default, Stop);
        Assert.Equal("one", await FirstChangeAsync(list, "one"));
        Assert.Equal(1, _relay.Asked);
        _relay.IsGone = false;
        _time.Now += TimeSpan.FromSeconds(60);
        await Store.ListAsync(Tiers, default, Stop);
        Assert.Equal(2, _relay.Asked);
    }

    [Fact]
    public async Task Reads_a_kind_that_is_not_relayed_at_the_API_server_and_stays_with_the_relay()
    {
        _relay.Lacks = true;
        await Store.ListAsync(Tiers, default, Stop);
        _relay.Lacks = false;
        await Store.ListAsync(Tiers, default, Stop);
        Assert.Equal(2, _relay.Asked);
    }

    [Fact]
    public async Task Goes_on_at_the_API_server_with_a_watch_that_the_relay_refuses()
    {
        Listing list = await Store.ListAsync(Tiers, default, Stop);
        _relay.IsGone = true;
        Assert.Equal("one", await FirstChangeAsync(list, "one"));
    }

    [Fact]
    public async Task Reads_at_the_API_server_when_the_relay_is_behind_what_was_seen()
    {
        await Store.CreateAsync(Tiers, Named("one"), Stop);
        await Store.ListAsync(Tiers, default, Stop);
        _relay.IsBehind = true;
        Assert.Single((await Store.ListAsync(Tiers, default, Stop)).Items);
    }

    private static Tier Named(string name) => new() { Metadata = new() { Name = name }, Spec = new() { Order = 10 } };

    private async Task<string?> FirstChangeAsync(Listing from, string create)
    {
        await _server.CreateAsync(Tiers, Named(create), Stop);
        await foreach (var events in Store.WatchAsync(Tiers, default, from.ResourceVersion, Stop)) return events[0].Value.Metadata.Name;
        return null;
    }

    /// <summary>Waits are over at once; the time is what the test says.</summary>
    private sealed class StepTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            TimeProvider.System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }

    /// <summary>A relay that can be made unreachable or late.</summary>
    private sealed class Broken(InMemoryDatastore server) : IResourceStore
    {
        public bool IsGone { get; set; }

        public bool IsBehind { get; set; }

        public bool Lacks { get; set; }

        public int Asked { get; private set; }

        public async Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop)
        {
            Ask();
            return IsBehind ? new Listing([], "1") : await server.ListAsync(kind, scope, stop);
        }

        public async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
            KindInfo kind, Scope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken stop)
        {
            Ask();
            await foreach (var events in server.WatchAsync(kind, scope, resourceVersion, stop)) yield return events;
        }

        public Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) => throw new NotSupportedException();

        public Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop) => throw new NotSupportedException();

        public Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop) => throw new NotSupportedException();

        public Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop) => throw new NotSupportedException();

        private void Ask()
        {
            Asked++;
            if (Lacks) throw new ApiException(404, "NotFound", "not relayed");
            if (IsGone) throw new HttpRequestException("connection refused");
        }
    }
}
