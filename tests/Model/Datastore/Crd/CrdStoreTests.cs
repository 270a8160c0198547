using Margay.Model.Datastore;
using Margay.Model.Datastore.Crd;
using Margay.Model.Datastore.Fake;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Datastore.Crd;

public sealed class CrdStoreTests
{
    private static readonly CrdKind Global = CrdKinds.Find(KindRegistry.Of<GlobalNetworkPolicy>())!;

    private readonly InMemoryDatastore _server = new();
    private readonly CrdStore _store;

    public CrdStoreTests() => _store = new CrdStore(_server);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_made_is_a_custom_resource_and_is_read_as_version_3()
    {
        var made = await _store.CreateAsync(new GlobalNetworkPolicy { Metadata = { Name = "p", Labels = new() { ["team"] = "a" } }, Spec = { Selector = "all()" } }, Stop);

        var stored = await _server.GetAsync(Global.Stored, null, "p", Stop);
        Assert.Equal("crd.projectcalico.org/v1", stored.ApiVersion);
        Assert.Equal(stored.Metadata.ResourceVersion, made.Metadata.ResourceVersion);
        Assert.NotEqual(stored.Metadata.Uid, made.Metadata.Uid);
        var read = await _store.GetAsync<GlobalNetworkPolicy>(null, "p", Stop);
        Assert.Equal("a", read.Metadata.Labels!["team"]);
        Assert.Equal("all()", read.Spec.Selector);
        Assert.Equal(made.Metadata.Uid, read.Metadata.Uid);
    }

    [Fact]
    public async Task Other_kinds_pass_through()
    {
        await _store.CreateAsync(new Namespace { Metadata = { Name = "shop" } }, Stop);
        Assert.Equal("shop", (await _server.GetAsync<Namespace>(null, "shop", Stop)).Metadata.Name);
    }

    [Fact]
    public async Task A_write_of_an_old_version_conflicts_in_the_words_of_version_3()
    {
        var made = await _store.CreateAsync(new GlobalNetworkPolicy { Metadata = { Name = "p" } }, Stop);
        string first = made.Metadata.ResourceVersion!;
        made.Spec.Order = 1;
        await _store.UpdateAsync(made, Stop);
        made.Metadata.ResourceVersion = first;
        made.Spec.Order = 2;
        var conflict = await Assert.ThrowsAsync<ApiException>(() => _store.UpdateAsync(made, Stop));
        Assert.True(conflict.IsConflict);
        Assert.Contains("globalnetworkpolicies.projectcalico.org \"p\"", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_names_no_version_replaces_whatever_is_there()
    {
        await _store.CreateAsync(new GlobalNetworkPolicy { Metadata = { Name = "p" } }, Stop);
        var written = await _store.UpdateAsync(new GlobalNetworkPolicy { Metadata = { Name = "p" }, Spec = { Order = 3 } }, Stop);
        Assert.Equal(3, written.Spec.Order);
    }

    /// <summary>Helm reads <c>helm.sh/resource-policy</c> from the custom resource, and deletes what does not have it.</summary>
    [Fact]
    public async Task What_others_wrote_on_the_custom_resource_stays_there_and_theirs()
    {
        CrdKind pools = CrdKinds.Find(KindRegistry.Of<IPPool>())!;
        var applied = pools.Stored.Read("""
            {"apiVersion":"crd.projectcalico.org/v1","kind":"IPPool","metadata":{"name":"kept","labels":{"app.kubernetes.io/managed-by":"Helm","gone":"x"},
             "annotations":{"helm.sh/resource-policy":"keep","meta.helm.sh/release-name":"margay"} },"spec":{"cidr":"10.0.0.0/16"} }
            """u8);
        await _server.CreateAsync(pools.Stored, applied, Stop);

        var pool = await _store.GetAsync<IPPool>(null, "kept", Stop);
        pool.Metadata.Annotations!["note"] = "ours";
        pool.Metadata.Labels!.Remove("gone");
        pool = await _store.UpdateAsync(pool, Stop);
        await _store.UpdateAsync(pool, Stop);

        var stored = await _server.GetAsync(pools.Stored, null, "kept", Stop);
        Assert.Equal(["helm.sh/resource-policy", "meta.helm.sh/release-name", "projectcalico.org/metadata"], stored.Metadata.Annotations!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("Helm", Assert.Single(stored.Metadata.Labels!).Value);
        Assert.DoesNotContain("helm.sh", stored.Metadata.Annotations["projectcalico.org/metadata"], StringComparison.Ordinal);
        Assert.Equal("ours", pool.Metadata.Annotations!["note"]);

        // What Helm writes later is what is read: no older word of it is kept elsewhere.
        stored.Metadata.Annotations["meta.helm.sh/release-name"] = "other";
        await _server.UpdateAsync(pools.Stored, stored, null, Stop);
        Assert.Equal("other", (await _store.GetAsync<IPPool>(null, "kept", Stop)).Metadata.Annotations!["meta.helm.sh/release-name"]);
    }

    [Fact]
    public async Task A_policy_stored_under_the_older_name_is_read_changed_and_deleted_under_its_own()
    {
        await OlderPolicyAsync("default.p");
        Assert.Equal(["p"], (await _store.ListAsync<GlobalNetworkPolicy>(default, Stop)).Select(p => p.Metadata.Name));
        var policy = await _store.GetAsync<GlobalNetworkPolicy>(null, "p", Stop);
        policy.Spec.Order = 7;
        await _store.UpdateAsync(policy, Stop);
        Assert.Equal(["default.p"], (await _server.ListAsync(Global.Stored, default, Stop)).Items.Select(p => p.Metadata.Name));
        Assert.Equal(7, (await _store.GetAsync<GlobalNetworkPolicy>(null, "p", Stop)).Spec.Order);
        await _store.DeleteAsync<GlobalNetworkPolicy>(null, "p", null, Stop);
        Assert.Empty((await _server.ListAsync(Global.Stored, default, Stop)).Items);
    }

    [Fact]
    public async Task A_second_policy_of_the_name_that_an_older_one_has_is_refused()
    {
        await OlderPolicyAsync("default.p");
        var refusal = await Assert.ThrowsAsync<ApiException>(() => _store.CreateAsync(new GlobalNetworkPolicy { Metadata = { Name = "p" } }, Stop));
        Assert.True(refusal.IsAlreadyExists);
    }

    [Fact]
    public async Task What_does_not_exist_is_told_in_the_words_of_version_3()
    {
        var missing = await Assert.ThrowsAsync<ApiException>(() => _store.GetAsync<GlobalNetworkPolicy>(null, "none", Stop));
        Assert.True(missing.IsNotFound);
        Assert.Equal("globalnetworkpolicies.projectcalico.org \"none\" not found", missing.Message);
        Assert.Null(await _store.FindAsync<IPPool>(null, "none", Stop));
    }

    [Fact]
    public async Task Lists_select_by_labels_that_only_the_annotation_has()
    {
        await _store.CreateAsync(new GlobalNetworkSet { Metadata = { Name = "a", Labels = new() { ["feed"] = "x" } } }, Stop);
        await _store.CreateAsync(new GlobalNetworkSet { Metadata = { Name = "b" } }, Stop);
        Assert.Equal("a", Assert.Single(await _store.ListAsync<GlobalNetworkSet>(new Scope(LabelSelector: "feed=x"), Stop)).Metadata.Name);
    }

    [Fact]
    public async Task Lists_select_by_fields()
    {
        await _store.CreateAsync(new GlobalNetworkPolicy { Metadata = { Name = "a" }, Spec = { Tier = "default" } }, Stop);
        Assert.Single(await _store.ListAsync<GlobalNetworkPolicy>(new Scope(FieldSelector: "spec.tier=default"), Stop));
        Assert.Empty(await _store.ListAsync<GlobalNetworkPolicy>(new Scope(FieldSelector: "spec.tier=other"), Stop));
    }

    [Fact]
    public async Task Finalizers_hold_an_object_until_they_are_gone()
    {
        await _store.CreateAsync(new GlobalNetworkSet { Metadata = { Name = "a", Finalizers = ["hold"] } }, Stop);
        await _store.DeleteAsync<GlobalNetworkSet>(null, "a", null, Stop);
        Assert.NotNull((await _store.GetAsync<GlobalNetworkSet>(null, "a", Stop)).Metadata.DeletionTimestamp);
    }

    [Fact]
    public async Task An_object_that_lost_its_last_finalizer_after_its_deletion_is_gone()
    {
        await _store.CreateAsync(new GlobalNetworkSet { Metadata = { Name = "a", Finalizers = ["hold"] } }, Stop);
        await _store.DeleteAsync<GlobalNetworkSet>(null, "a", null, Stop);
        var held = await _store.GetAsync<GlobalNetworkSet>(null, "a", Stop);
        held.Metadata.Finalizers = [];
        await _store.UpdateAsync(held, Stop);
        Assert.Null(await _store.FindAsync<GlobalNetworkSet>(null, "a", Stop));
    }

    [Fact]
    public async Task A_deletion_means_the_uid_as_version_3_tells_it()
    {
        var made = await _store.CreateAsync(new IPPool { Metadata = { Name = "pool" }, Spec = { Cidr = "10.0.0.0/16" } }, Stop);
        await Assert.ThrowsAsync<ApiException>(() => _store.DeleteAsync<IPPool>(null, "pool", new Preconditions(Uid: Guid.NewGuid().ToString()), Stop));
        await _store.DeleteAsync<IPPool>(null, "pool", new Preconditions(Uid: made.Metadata.Uid), Stop);
        Assert.Null(await _store.FindAsync<IPPool>(null, "pool", Stop));
    }

    [Fact]
    public async Task Derived_kinds_are_absent()
    {
        var missing = await Assert.ThrowsAsync<ApiException>(() => _store.ListAsync(KindRegistry.Of<Profile>(), default, Stop));
        Assert.Equal(404, missing.Status.Code);
    }

    [Fact]
    public async Task An_informer_follows_custom_resources_and_resumes()
    {
        await OlderPolicyAsync("default.old");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var informer = new Informer(_store, [new InformerSource(KindRegistry.Of<GlobalNetworkPolicy>())], new InformerOptions { FirstWait = TimeSpan.FromMilliseconds(1) });
        var running = informer.RunAsync(end.Token);
        var seen = new List<string>();
        async Task UntilAsync(string wanted)
        {
            while (!seen.Contains(wanted))
            {
                var batch = await informer.Batches.ReadAsync(Stop);
                seen.AddRange(batch.Updates.Select(u => $"{u.Key.ApiVersion} {u.Key.Name} {(u.Value is GlobalNetworkPolicy p ? p.Spec.Order : -1)}"));
            }
        }

        await UntilAsync("projectcalico.org/v3 old ");
        await _store.CreateAsync(new GlobalNetworkPolicy { Metadata = { Name = "new" }, Spec = { Order = 1 } }, Stop);
        await UntilAsync("projectcalico.org/v3 new 1");
        _server.DropWatches();
        _server.Bookmark();
        var old = await _store.GetAsync<GlobalNetworkPolicy>(null, "old", Stop);
        old.Spec.Order = 2;
        await _store.UpdateAsync(old, Stop);
        await UntilAsync("projectcalico.org/v3 old 2");
        await _store.DeleteAsync<GlobalNetworkPolicy>(null, "old", null, Stop);
        await UntilAsync("projectcalico.org/v3 old -1");
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_watch_with_a_selector_tells_the_end_of_what_ceases_to_match()
    {
        var set = await _store.CreateAsync(new GlobalNetworkSet { Metadata = { Name = "a", Labels = new() { ["feed"] = "x" } } }, Stop);
        string from = _server.ResourceVersion;
        set.Metadata.Labels = null;
        await _store.UpdateAsync(set, Stop);
        await foreach (var events in _store.WatchAsync(KindRegistry.Of<GlobalNetworkSet>(), new Scope(LabelSelector: "feed=x"), from, Stop))
        {
            Assert.Equal(WatchEventType.Deleted, Assert.Single(events).Type);
            break;
        }
    }

    private Task OlderPolicyAsync(string storedName)
    {
        var older = Global.Stored.Read(System.Text.Encoding.UTF8.GetBytes($$$"""
            {"metadata":{"name":"{{{storedName}}}","annotations":{"projectcalico.org/metadata":"{\"creationTimestamp\":\"2023-01-01T00:00:00Z\"}"} },"spec":{"tier":"default","selector":"all()"}}
            """));
        return _server.CreateAsync(Global.Stored, older, Stop);
    }
}
