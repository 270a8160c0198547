using System.Text;
using System.Text.Json.Nodes;
using Margay.ApiServer.Admission;
using Margay.ApiServer.Hosting;
using Margay.ApiServer.Kubernetes;
using Margay.ApiServer.Lifecycle;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;
using Margay.ApiServer.Watch;
using Margay.Model.Datastore.Crd;
using Margay.Model.Datastore.Fake;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.ApiServer.Tests.Kubernetes;

public sealed class ResourceStorageTests : IAsyncLifetime
{
    private const string Sets = "/projectcalico.org/globalnetworksets/";

    private readonly InMemoryDatastore _cluster = new();
    private readonly KindFeeds _feeds;
    private readonly ResourceStorage _storage;

    public ResourceStorageTests()
    {
        var store = new CrdStore(_cluster);
        _feeds = new KindFeeds(store, CrdKinds.All.Select(kind => kind.Api), TimeProvider.System, retainEvents: 3);
        _storage = new ResourceStorage(store, _feeds, new RecentLists(TimeProvider.System));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _feeds.Start();
        await _feeds.ListedAsync(Stop);
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task A_key_that_is_written_is_a_custom_resource_under_the_same_revision()
    {
        WriteResult made = await WriteAsync("a", 0, """{"nets":["192.0.2.0/24"]}""");
        Assert.True(made.Committed);
        var stored = await _cluster.GetAsync(CrdKinds.Find(KindRegistry.Of<GlobalNetworkSet>())!.Stored, null, "a", Stop);
        Assert.Equal($"{made.Revision}", stored.Metadata.ResourceVersion);
        StoredObject? read = await _storage.GetAsync(Sets + "a", Stop);
        Assert.Equal(made.Revision, read!.Revision);
        Assert.Equal("192.0.2.0/24", JsonNode.Parse(read.Value.Span)!["spec"]!["nets"]![0]!.ToString());
        Assert.Null(JsonNode.Parse(read.Value.Span)!["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task A_write_of_another_revision_changes_nothing_and_tells_the_current_state()
    {
        WriteResult made = await WriteAsync("a", 0, "{}");
        WriteResult changed = await WriteAsync("a", made.Revision, """{"nets":["192.0.2.0/24"]}""");
        WriteResult late = await WriteAsync("a", made.Revision, """{"nets":[]}""");
        Assert.False(late.Committed);
        Assert.Equal(changed.Revision, late.Current!.Revision);
        WriteResult twin = await WriteAsync("a", 0, "{}");
        Assert.False(twin.Committed);
        Assert.NotNull(twin.Current);
    }

    [Fact]
    public async Task A_deletion_names_the_revision_it_saw()
    {
        WriteResult made = await WriteAsync("a", 0, "{}");
        Assert.False((await _storage.WriteAsync(new StorageWrite(Sets + "a", made.Revision + 100, null), Stop)).Committed);
        Assert.True((await _storage.WriteAsync(new StorageWrite(Sets + "a", made.Revision, null), Stop)).Committed);
        Assert.Null(await _storage.GetAsync(Sets + "a", Stop));
    }

    [Fact]
    public async Task An_object_with_finalizers_goes_when_the_layer_above_says_so()
    {
        const string Held = """{"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkSet","metadata":{"name":"held","finalizers":["x"]},"spec":{}}""";
        WriteResult made = await _storage.WriteAsync(new StorageWrite(Sets + "held", 0, Encoding.UTF8.GetBytes(Held)), Stop);
        Assert.True((await _storage.WriteAsync(new StorageWrite(Sets + "held", made.Revision, null), Stop)).Committed);
        Assert.Null(await _storage.GetAsync(Sets + "held", Stop));
    }

    [Fact]
    public async Task A_guard_in_another_state_stops_the_write()
    {
        WriteResult guard = await WriteAsync("guard", 0, "{}");
        await WriteAsync("guard", guard.Revision, """{"nets":["192.0.2.0/24"]}""");
        var write = new StorageWrite(Sets + "a", 0, Body("a", "{}"), [new StorageGuard(Sets + "guard", guard.Revision)]);
        Assert.False((await _storage.WriteAsync(write, Stop)).Committed);
        Assert.Null(await _storage.GetAsync(Sets + "a", Stop));
    }

    [Fact]
    public async Task Lists_come_in_parts_of_one_revision()
    {
        foreach (string name in (string[])["c", "a", "b"]) await WriteAsync(name, 0, "{}");
        StoragePage first = await _storage.ListAsync(new StorageQuery(Sets, Limit: 2), Stop);
        await WriteAsync("d", 0, "{}");
        StoragePage second = await _storage.ListAsync(new StorageQuery(Sets, first.Revision, first.Items[^1].Key, 2), Stop);
        Assert.Equal(["a", "b", "c"], first.Items.Concat(second.Items).Select(item => item.Key[Sets.Length..]));
        Assert.Equal((1, 0), (first.Remaining, second.Remaining));
        Assert.Equal(first.Revision, second.Revision);
    }

    /// <summary>The cluster's server passes the parts of one list on to any of several servers.</summary>
    [Fact]
    public async Task A_list_that_another_server_began_goes_on()
    {
        foreach (string name in (string[])["a", "b", "c"]) await WriteAsync(name, 0, "{}");
        StoragePage first = await _storage.ListAsync(new StorageQuery(Sets, Limit: 2), Stop);
        await WriteAsync("d", 0, "{}");
        var other = new ResourceStorage(new CrdStore(_cluster), _feeds, new RecentLists(TimeProvider.System));
        StoragePage second = await other.ListAsync(new StorageQuery(Sets, first.Revision, first.Items[^1].Key, 1), Stop);
        StoragePage third = await other.ListAsync(new StorageQuery(Sets, second.Revision, second.Items[^1].Key, 1), Stop);
        Assert.Equal(["a", "b", "c", "d"], first.Items.Concat(second.Items).Concat(third.Items).Select(item => item.Key[Sets.Length..]));
        Assert.Equal(0, third.Remaining);
    }

    [Fact]
    public void Lists_that_nobody_may_go_on_with_are_let_go()
    {
        var clock = new HandClock();
        var lists = new RecentLists(clock);
        for (int i = 1; i <= 3; i++) lists.Remember(Sets, new StoragePage(i, [], 0));
        clock.Advance(TimeSpan.FromMinutes(2));
        lists.Remember(Sets, new StoragePage(4, [], 0));
        Assert.Equal(1, lists.Count);
    }

    [Fact]
    public async Task A_revision_that_nobody_remembers_is_compacted()
    {
        WriteResult made = await WriteAsync("a", 0, "{}");
        await WriteAsync("b", 0, "{}");
        await Assert.ThrowsAsync<CompactedException>(async () => await _storage.ListAsync(new StorageQuery(Sets, made.Revision), Stop));
    }

    [Fact]
    public async Task A_watch_tells_every_change_with_the_state_before_it()
    {
        IStorageWatch watch = _storage.Watch(Sets, await _storage.RevisionAsync(Stop));
        WriteResult made = await WriteAsync("a", 0, "{}");
        WriteResult changed = await WriteAsync("a", made.Revision, """{"nets":["192.0.2.0/24"]}""");
        await _storage.WriteAsync(new StorageWrite(Sets + "a", changed.Revision, null), Stop);
        List<StorageEvent> seen = await TakeAsync(watch, 3);
        Assert.Equal([made.Revision, changed.Revision], seen.Take(2).Select(e => e.Revision));
        Assert.Null(seen[0].Previous);
        Assert.Equal(made.Revision, seen[1].Previous!.Revision);
        Assert.Null(seen[2].Current);
        Assert.Equal(changed.Revision, seen[2].Previous!.Revision);
    }

    [Fact]
    public async Task A_watch_of_one_key_hears_nothing_of_its_neighbours()
    {
        IStorageWatch watch = _storage.Watch(Sets + "b", await _storage.RevisionAsync(Stop));
        await WriteAsync("a", 0, "{}");
        await WriteAsync("b", 0, "{}");
        Assert.Equal(Sets + "b", Assert.Single(await TakeAsync(watch, 1)).Key);
    }

    [Fact]
    public async Task A_watcher_further_back_than_what_is_kept_is_told_so()
    {
        long from = await _storage.RevisionAsync(Stop);
        for (int i = 0; i < 5; i++) await WriteAsync($"s{i}", 0, "{}");
        await TakeAsync(_storage.Watch(Sets, await RevisionOfAsync("s3")), 1);
        await Assert.ThrowsAsync<CompactedException>(async () => await _storage.Watch(Sets, from).NextAsync(TimeSpan.FromSeconds(30), Stop));
    }

    [Fact]
    public async Task A_watch_goes_on_over_a_broken_connection()
    {
        IStorageWatch watch = _storage.Watch(Sets, await _storage.RevisionAsync(Stop));
        _cluster.DropWatches();
        await WriteAsync("a", 0, "{}");
        Assert.Single(await TakeAsync(watch, 1));
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_unavailable()
    {
        _cluster.Intercept = (_, _, _) => throw new HttpRequestException("refused");
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await _storage.GetAsync(Sets + "a", Stop));
    }

    [Fact]
    public async Task What_the_clusters_definition_drops_is_told()
    {
        var dropping = new DroppingCluster(_cluster);
        var storage = new ResourceStorage(new CrdStore(dropping), _feeds, new RecentLists(TimeProvider.System));
        byte[] policy = Encoding.UTF8.GetBytes("""
            {"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkPolicy","metadata":{"name":"p","annotations":{"margay.io/extensions":"true"} },
             "spec":{"tier":"default","validUntil":"2030-01-01T00:00:00Z"} }
            """);
        var loud = await Assert.ThrowsAsync<Margay.ApiServer.Rest.ApiException>(() => storage.WriteAsync(new StorageWrite("/projectcalico.org/globalnetworkpolicies/p", 0, policy), Stop));
        Assert.Contains("spec.validUntil", loud.Message, StringComparison.Ordinal);
    }

    /// <summary>Custom resources that were made with kubectl, or by an older release, have no label.</summary>
    [Fact]
    public async Task A_tier_with_a_policy_that_carries_no_label_is_not_empty()
    {
        const string Policy = """{"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkPolicy","metadata":{"name":"p"},"spec":{"tier":"full"} }""";
        await _storage.WriteAsync(new StorageWrite("/projectcalico.org/globalnetworkpolicies/p", 0, Encoding.UTF8.GetBytes(Policy)), Stop);
        var kinds = new KindTable(AggregatedKinds.All, AggregatedKinds.Namespaces);
        var rule = new TierRule(_storage, kinds);
        AdmissionRequest Deletion(string tier) => new() { Kind = kinds.Find("projectcalico.org/v3", "Tier")!, Namespace = "", Name = tier, Document = [] };
        var refused = await Assert.ThrowsAsync<Margay.ApiServer.Rest.ApiException>(async () => await rule.AdmitDeletionAsync(Deletion("full"), Stop));
        Assert.Contains("1 globalnetworkpolicies are in it", refused.Message, StringComparison.Ordinal);
        await rule.AdmitDeletionAsync(Deletion("empty"), Stop);
    }

    /// <summary>Helm does not make what is there and not its own; a server that came first would stop the installation.</summary>
    [Fact]
    public async Task What_every_cluster_has_is_made_and_what_the_chart_makes_is_not()
    {
        var store = new CrdStore(_cluster);
        var parts = new Composition(
            _storage, new WatchSettings(), new SubjectAccessReviews(store, TimeProvider.System), TimeProvider.System, new KindTable(AggregatedKinds.All, AggregatedKinds.Namespaces), AggregatedKinds.Catalog);
        await new Bootstrap(parts.Operations).RunAsync(Stop);
        Assert.Equal(["default", "kube-admin", "kube-baseline"], (await store.ListAsync(KindRegistry.Of<Tier>(), default, Stop)).Items.Select(tier => tier.Metadata.Name).Order());
        Assert.Empty((await store.ListAsync(KindRegistry.Of<FelixConfiguration>(), default, Stop)).Items);
    }

    private async Task<long> RevisionOfAsync(string name) => (await _storage.GetAsync(Sets + name, Stop))!.Revision;

    private Task<WriteResult> WriteAsync(string name, long expected, string spec) =>
        _storage.WriteAsync(new StorageWrite(Sets + name, expected, Body(name, spec)), Stop);

    private static byte[] Body(string name, string spec) => Encoding.UTF8.GetBytes(
        $$$"""{"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkSet","metadata":{"name":"{{{name}}}","creationTimestamp":"2025-01-02T03:04:05Z"},"spec":{{{spec}}} }""");

    private static async Task<List<StorageEvent>> TakeAsync(IStorageWatch watch, int count)
    {
        var seen = new List<StorageEvent>();
        while (seen.Count < count) seen.AddRange((await watch.NextAsync(TimeSpan.FromSeconds(30), Stop)).Events);
        return seen;
    }
}
