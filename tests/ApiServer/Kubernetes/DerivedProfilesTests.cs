using System.Text.Json.Nodes;
using Margay.ApiServer.Kubernetes;
using Margay.ApiServer.Storage;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Crd;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;

namespace Margay.ApiServer.Tests.Kubernetes;

public sealed class DerivedProfilesTests : IAsyncLifetime
{
    private const string Profiles = "/projectcalico.org/profiles/";

    private readonly InMemoryDatastore _cluster = new();
    private readonly KindFeeds _feeds;
    private readonly ResourceStorage _storage;

    public DerivedProfilesTests()
    {
        var store = new CrdStore(_cluster);
        _feeds = new KindFeeds(store, AggregatedKinds.Followed, TimeProvider.System);
        _storage = new ResourceStorage(store, _feeds, new RecentLists(TimeProvider.System));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _cluster.CreateAsync(new Namespace { Metadata = { Name = "shop", Labels = new() { ["team"] = "a" } } }, Stop);
        await _cluster.CreateAsync(new ServiceAccount { Metadata = { Namespace = "shop", Name = "cart.v2", Labels = new() { ["role"] = "db" } } }, Stop);
        _feeds.Start();
        await _feeds.ListedAsync(Stop);
    }

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task Namespaces_and_service_accounts_are_profiles_and_one_is_always_there()
    {
        StoragePage all = await _storage.ListAsync(new StorageQuery(Profiles), Stop);
        Assert.Equal(["kns.shop", "ksa.shop.cart.v2", "projectcalico-default-allow"], all.Items.Select(item => item.Key[Profiles.Length..]));
        foreach (StoredObject item in all.Items)
        {
            StoredObject? read = await _storage.GetAsync(item.Key, Stop);
            Assert.Equal((item.Revision, Plain(Parse(item))), (read!.Revision, Plain(Parse(read))));
        }
        JsonNode space = Parse(all.Items[0]), account = Parse(all.Items[1]), always = Parse(all.Items[2]);
        Assert.Equal("""{"ingress":[{"action":"Allow"}],"egress":[{"action":"Allow"}],"labelsToApply":{"pcns.team":"a","pcns.projectcalico.org/name":"shop"}}""", Plain(space["spec"]!));
        Assert.Equal("""{"labelsToApply":{"pcsa.role":"db","pcsa.projectcalico.org/name":"cart.v2"}}""", Plain(account["spec"]!));
        Assert.Equal("""{"ingress":[{"action":"Allow"}],"egress":[{"action":"Allow"}]}""", Plain(always["spec"]!));
        var source = await _cluster.GetAsync<Namespace>(null, "shop", Stop);
        Assert.NotEqual(source.Metadata.Uid, (string?)space["metadata"]!["uid"]);
        Assert.Equal(source.Metadata.Uid, CrdUid.Convert((string)space["metadata"]!["uid"]!));
    }

    [Theory]
    [InlineData("kns.none")]
    [InlineData("ksa.shop.none")]
    [InlineData("ksa.shop")]
    [InlineData("ksa..cart")]
    [InlineData("made-by-hand")]
    public async Task Nothing_else_is_one(string name) => Assert.Null(await _storage.GetAsync(Profiles + name, Stop));

    [Fact]
    public async Task A_watch_tells_what_becomes_of_both_from_a_list_on()
    {
        StoragePage all = await _storage.ListAsync(new StorageQuery(Profiles), Stop);
        IStorageWatch watch = _storage.Watch(Profiles, all.Revision);
        await _cluster.CreateAsync(new Namespace { Metadata = { Name = "bank" } }, Stop);
        await _cluster.CreateAsync(new ServiceAccount { Metadata = { Namespace = "bank", Name = "teller" } }, Stop);
        await _cluster.DeleteAsync<Namespace>(null, "shop", null, Stop);
        var seen = new HashSet<string>();
        long revision = 0;
        while (!seen.IsSupersetOf(["+kns.bank", "+ksa.bank.teller", "-kns.shop"]))
        {
            WatchBatch batch = await watch.NextAsync(TimeSpan.FromSeconds(30), Stop);
            Assert.NotEmpty(batch.Events);
            Assert.True(batch.Revision >= revision);
            revision = batch.Revision;
            foreach (StorageEvent happened in batch.Events) seen.Add($"{(happened.Current is null ? '-' : '+')}{happened.Key[Profiles.Length..]}");
        }
    }

    private static JsonNode Parse(StoredObject item) => JsonNode.Parse(item.Value.Span)!;

    private static string Plain(JsonNode node) => node.ToJsonString();
}
