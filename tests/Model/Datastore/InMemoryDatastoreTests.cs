using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Datastore;

public sealed class InMemoryDatastoreTests
{
    private readonly InMemoryDatastore _store = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Creating_fills_in_what_the_server_owns()
    {
        var made = await _store.CreateAsync(Set("a"), Stop);

        Assert.NotNull(made.Metadata.Uid);
        Assert.NotNull(made.Metadata.CreationTimestamp);
        Assert.Equal(1, made.Metadata.Generation);
        Assert.Equal(_store.ResourceVersion, made.Metadata.ResourceVersion);
        var error = await Assert.ThrowsAsync<ApiException>(() => _store.CreateAsync(Set("a"), Stop));
        Assert.True(error.IsAlreadyExists);
        Assert.Equal("networksets.projectcalico.org \"a\" already exists", error.Message);
    }

    [Fact]
    public async Task An_update_of_an_old_version_is_a_conflict()
    {
        var first = await _store.CreateAsync(Set("a"), Stop);
        var second = await _store.GetAsync<NetworkSet>("n", "a", Stop);
        first.Spec.Nets = ["10.0.0.0/8"];
        await _store.UpdateAsync(first, Stop);
        second.Spec.Nets = [];

        Assert.True((await Assert.ThrowsAsync<ApiException>(() => _store.UpdateAsync(second, Stop))).IsConflict);

        second.Metadata.ResourceVersion = null;
        Assert.Equal(3, (await _store.UpdateAsync(second, Stop)).Metadata.Generation);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_makes_no_version()
    {
        var made = await _store.CreateAsync(Set("a"), Stop);

        Assert.Equal(made.Metadata.ResourceVersion, (await _store.UpdateAsync(made, Stop)).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Status_and_the_rest_are_written_apart()
    {
        var pool = await _store.CreateAsync(
            new IPPool { Metadata = { Name = "p" }, Spec = { Cidr = "10.0.0.0/16" }, Status = new() { Conditions = [] } }, Stop);
        Assert.Null(pool.Status);

        pool.Status = new() { Conditions = [new Condition { Type = "Allocatable", Status = "True" }] };
        pool.Spec.Disabled = true;
        pool = await _store.UpdateStatusAsync(pool, Stop);
        Assert.Null(pool.Spec.Disabled);
        Assert.Equal("Allocatable", pool.Status!.Conditions![0].Type);

        pool.Status = null;
        pool.Spec.Disabled = true;
        pool = await _store.UpdateAsync(pool, Stop);
        Assert.True(pool.Spec.Disabled);
        Assert.NotNull(pool.Status);
    }

    [Fact]
    public async Task Deleting_heeds_preconditions_and_finalizers()
    {
        var set = Set("a");
        set.Metadata.Finalizers = ["x"];
        set = await _store.CreateAsync(set, Stop);
        var wrong = new Preconditions(ResourceVersion: "999");
        Assert.True((await Assert.ThrowsAsync<ApiException>(() => _store.DeleteAsync<NetworkSet>("n", "a", wrong, Stop))).IsConflict);
        wrong = new Preconditions(Uid: "other");
        Assert.True((await Assert.ThrowsAsync<ApiException>(() => _store.DeleteAsync<NetworkSet>("n", "a", wrong, Stop))).IsConflict);

        await _store.DeleteAsync<NetworkSet>("n", "a", new Preconditions(set.Metadata.Uid, set.Metadata.ResourceVersion), Stop);
        set = await _store.GetAsync<NetworkSet>("n", "a", Stop);
        Assert.NotNull(set.Metadata.DeletionTimestamp);

        set.Metadata.Finalizers = [];
        await _store.UpdateAsync(set, Stop);
        Assert.Null(await _store.FindAsync<NetworkSet>("n", "a", Stop));
    }

    [Fact]
    public async Task Lists_are_restricted_by_namespace_labels_and_fields()
    {
        var one = Set("a");
        one.Metadata.Labels = new() { ["app"] = "shop" };
        await _store.CreateAsync(one, Stop);
        await _store.CreateAsync(Set("b"), Stop);
        await _store.CreateAsync(Set("c", "other"), Stop);

        Assert.Equal(["a", "b"], await NamesAsync(new Scope("n")));
        Assert.Equal(["a"], await NamesAsync(new Scope(LabelSelector: "app in (shop, x),!gone")));
        Assert.Equal(["b", "c"], await NamesAsync(new Scope(LabelSelector: "app!=shop")));
        Assert.Equal(["c"], await NamesAsync(new Scope(FieldSelector: "metadata.name=c")));
        Assert.Equal(400, (await Assert.ThrowsAsync<ApiException>(() => NamesAsync(new Scope(LabelSelector: "a b")))).Status.Code);
    }

    [Fact]
    public async Task A_watch_tells_what_begins_and_ceases_to_match()
    {
        string version = _store.ResourceVersion;
        var set = await _store.CreateAsync(Set("a"), Stop);
        set.Metadata.Labels = new() { ["app"] = "shop" };
        set = await _store.UpdateAsync(set, Stop);
        set.Spec.Nets = ["10.0.0.0/8"];
        set = await _store.UpdateAsync(set, Stop);
        set.Metadata.Labels = null;
        set = await _store.UpdateAsync(set, Stop);
        await _store.DeleteAsync<NetworkSet>("n", "a", null, Stop);
        _store.Bookmark();

        await foreach (var events in _store.WatchAsync(KindRegistry.Of<NetworkSet>(), new Scope(LabelSelector: "app"), version, Stop))
        {
            Assert.Equal(
                [WatchEventType.Added, WatchEventType.Modified, WatchEventType.Deleted, WatchEventType.Bookmark],
                events.Select(e => e.Type));
            Assert.Equal(_store.ResourceVersion, events[^1].Value.Metadata.ResourceVersion);
            break;
        }
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_version_ends_in_gone()
    {
        string version = _store.ResourceVersion;
        await _store.CreateAsync(Set("a"), Stop);
        _store.Compact();

        var watch = _store.WatchAsync(KindRegistry.Of<NetworkSet>(), default, version, Stop).GetAsyncEnumerator(Stop);
        Assert.True((await Assert.ThrowsAsync<ApiException>(async () => await watch.MoveNextAsync())).IsGone);
    }

    private static NetworkSet Set(string name, string ns = "n") => new() { Metadata = { Name = name, Namespace = ns } };

    private async Task<IEnumerable<string?>> NamesAsync(Scope scope) =>
        (await _store.ListAsync<NetworkSet>(scope, Stop)).Select(set => set.Metadata.Name);
}
