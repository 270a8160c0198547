using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Api.Tests;

public sealed class ClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_edit_that_meets_another_is_made_again_on_what_is_there_then()
    {
        var store = new InMemoryDatastore();
        using var client = new MargayClient(store);
        await client.Tiers.CreateAsync(new Tier { Metadata = { Name = "security" }, Spec = { Order = 1 } }, Stop);
        int runs = 0;

        var edited = await client.Tiers.EditAsync("security", tier =>
        {
            // Between the first read and its write somebody else is faster.
            if (runs++ == 0) client.Tiers.EditAsync("security", other => other.Spec.Order = 7, Stop).Wait(Stop);
            tier.Metadata.Labels = new() { ["seen"] = $"{tier.Spec.Order}" };
        }, Stop);

        Assert.Equal(2, runs);
        Assert.Equal(7, edited.Spec.Order);
        Assert.Equal("7", edited.Metadata.Labels!["seen"]);
    }

    [Fact]
    public async Task A_namespaced_object_needs_a_namespace_and_a_cluster_wide_one_has_none()
    {
        using var client = MargayClient.InMemory();

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.NetworkPolicies.GetAsync("a", Stop));
        Assert.Throws<InvalidOperationException>(() => client.Tiers.InNamespace("a"));
        Assert.Null(await client.Tiers.FindAsync("none", Stop));
        var missing = await Assert.ThrowsAsync<ApiException>(() => client.Tiers.GetAsync("none", Stop));
        Assert.True(missing.IsNotFound);
    }

    [Fact]
    public async Task Lists_are_narrowed_by_namespace_and_labels()
    {
        using var client = MargayClient.InMemory();
        foreach (var (ns, name, team) in new[] { ("a", "x", "red"), ("a", "y", "blue"), ("b", "x", "red") })
            await client.NetworkPolicies.CreateAsync(Policy.ForNamespace(ns, name).Labelled("team", team).IsolateIngress().Build(), Stop);

        Assert.Equal(3, (await client.NetworkPolicies.ListAsync(stop: Stop)).Count);
        Assert.Equal(2, (await client.NetworkPolicies.InNamespace("a").ListAsync(stop: Stop)).Count);
        Assert.Equal(2, (await client.NetworkPolicies.ListAsync("team=red", stop: Stop)).Count);
    }

    [Fact]
    public void A_policy_that_no_server_would_take_is_not_built_and_every_reason_is_told()
    {
        var refusal = Assert.Throws<InvalidResourceException>(() => Policy.ForCluster("bad")
            .Selecting("app ==")
            .Ingress(Rules.Allow().Over(Protocol.Icmp, "80").FromNets("10.0.0.0/33"))
            .Build());

        Assert.Contains(refusal.Errors, error => error.Field == "spec.selector");
        Assert.Contains(refusal.Errors, error => error.Field.StartsWith("spec.ingress[0].source.nets", StringComparison.Ordinal));
        Assert.True(refusal.Errors.Count >= 3, refusal.Message);
    }

    [Fact]
    public async Task A_cache_holds_what_is_there_and_tells_a_late_reader_everything()
    {
        using var client = MargayClient.InMemory();
        for (int i = 0; i < 10; i++) await client.Tiers.CreateAsync(new Tier { Metadata = { Name = $"t{i}" }, Spec = { Order = i } }, Stop);
        await using var cache = client.Tiers.Cache();
        await cache.InSync.WaitAsync(Stop);

        Assert.Equal(10, cache.Items.Count);
        Assert.Equal(3, cache.Find(null, "t3")?.Spec.Order);
        var seen = new List<string>();
        await foreach (var (type, tier) in cache.ChangesAsync(Stop))
        {
            seen.Add($"{type} {tier.Metadata.Name}");
            if (seen.Count == 10) await client.Tiers.EditAsync("t3", t => t.Spec.Order = 33, Stop);
            if (seen.Count == 11) await client.Tiers.DeleteAsync("t4", stop: Stop);
            if (seen.Count == 12) break;
        }

        Assert.All(seen.Take(10), line => Assert.StartsWith("Added ", line, StringComparison.Ordinal));
        Assert.Equal(["Modified t3", "Deleted t4"], seen.Skip(10));
        Assert.Equal(33, cache.Find(null, "t3")?.Spec.Order);
        Assert.Null(cache.Find(null, "t4"));
    }

    [Fact]
    public async Task A_cache_that_ends_ends_its_readers()
    {
        using var client = MargayClient.InMemory();
        var cache = client.Tiers.Cache();
        await cache.InSync.WaitAsync(Stop);
        var reading = Task.Run(async () => await cache.ChangesAsync(Stop).CountAsync(Stop), Stop);

        await cache.DisposeAsync();

        Assert.Equal(0, await reading.WaitAsync(Stop));
        await cache.DisposeAsync();
    }
}
