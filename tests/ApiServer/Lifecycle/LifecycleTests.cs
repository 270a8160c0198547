using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Lifecycle;

public sealed class LifecycleTests(TestServer server)
{
    private ApiClient Api => server.Client;

    /// <summary>Waits, by a watch, until an object is gone.</summary>
    private async Task GoneAsync(string collection, string name)
    {
        Answer list = await Api.GetAsync($"{collection}?fieldSelector=metadata.name%3D{name}");
        if (!list.Names.Any()) return;
        string watch = $"{collection}?watch=1&timeoutSeconds=30&fieldSelector=metadata.name%3D{name}&resourceVersion={list.Version}";
        await foreach (JsonObject change in Api.WatchAsync(watch, TestContext.Current.CancellationToken))
            if ((string?)change["type"] == "DELETED") return;
        Assert.Fail($"{collection}/{name} is still there: {(await Api.GetAsync($"{collection}/{name}")).Text}");
    }

    private async Task<string> OwnedAsync(string path, string name, string ownerUid, string more = "")
    {
        Answer made = await Api.PostAsync(path, $$$$"""
            {"metadata":{"name":"{{{{name}}}}","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{{{ownerUid}}}}","blockOwnerDeletion":true}]{{{{more}}}}}}
            """);
        return (string)made.Expect(201).Metadata["uid"]!;
    }

    private async Task<(string Path, string Uid)> OwnerAsync()
    {
        string path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        return (path, (string)(await Api.PostAsync(path, """{"metadata":{"name":"owner"}}""")).Expect(201).Metadata["uid"]!);
    }

    [Fact]
    public async Task The_objects_everybody_relies_on_are_there()
    {
        string[] spaces = [.. (await Api.GetAsync("/api/v1/namespaces")).Names];
        Assert.Empty(new[] { "default", "kube-system", "kube-public", "kube-node-lease" }.Except(spaces));
        JsonObject tier = (await Api.GetAsync("/apis/projectcalico.org/v3/tiers/kube-admin")).Expect(200).Json;
        Assert.Equal((1000, "Pass"), ((int)tier["spec"]!["order"]!, (string)tier["spec"]!["defaultAction"]!));
        (await Api.GetAsync("/apis/projectcalico.org/v3/clusterinformations/default")).Expect(200);
        (await Api.GetAsync("/apis/projectcalico.org/v3/felixconfigurations/default")).Expect(200);
    }

    [Fact]
    public async Task A_namespace_has_its_name_as_label_its_phase_and_a_service_account()
    {
        string space = await server.NamespaceAsync();
        Answer read = await Api.GetAsync($"/api/v1/namespaces/{space}");
        Assert.Equal(space, (string?)read.Metadata["labels"]!["kubernetes.io/metadata.name"]);
        Assert.Equal("Active", (string?)read.Json["status"]!["phase"]);
        string accounts = $"/api/v1/namespaces/{space}/serviceaccounts";
        await foreach (JsonObject change in Api.WatchAsync($"{accounts}?watch=1&timeoutSeconds=30", TestContext.Current.CancellationToken))
        {
            Assert.Equal("default", (string?)change["object"]!["metadata"]!["name"]);
            return;
        }
        Assert.Fail("there is no service account");
    }

    [Fact]
    public async Task A_namespace_goes_with_everything_in_it_and_nothing_new_comes_in_meanwhile()
    {
        string space = await server.NamespaceAsync();
        string maps = $"/api/v1/namespaces/{space}/configmaps";
        (await Api.PostAsync(maps, """{"metadata":{"name":"plain"}}""")).Expect(201);
        (await Api.PostAsync(maps, """{"metadata":{"name":"held","finalizers":["x.io/hold"]}}""")).Expect(201);
        (await Api.PostAsync($"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies", """{"metadata":{"name":"p"},"spec":{"selector":"all()"}}""")).Expect(201);
        Answer going = (await Api.DeleteAsync($"/api/v1/namespaces/{space}")).Expect(200);
        Assert.Equal("Terminating", (string?)going.Json["status"]!["phase"]);
        await GoneAsync(maps, "plain");
        Answer refused = (await Api.PostAsync(maps, """{"metadata":{"name":"late"}}""")).Expect(403, "Forbidden");
        Assert.Contains("because it is being terminated", refused.Message, StringComparison.Ordinal);
        (await Api.GetAsync($"/api/v1/namespaces/{space}")).Expect(200);
        (await Api.PatchAsync($"{maps}/held", """{"metadata":{"finalizers":null}}""")).Expect(200);
        await GoneAsync("/api/v1/namespaces", space);
        (await Api.GetAsync($"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies/p")).Expect(404);
    }

    [Fact]
    public async Task Dependents_go_after_their_owner()
    {
        var (path, uid) = await OwnerAsync();
        string child = await OwnedAsync(path, "child", uid);
        await OwnedAsync(path, "grandchild", child);
        (await Api.DeleteAsync($"{path}/owner")).Expect(200);
        await GoneAsync(path, "child");
        await GoneAsync(path, "grandchild");
    }

    [Fact]
    public async Task An_object_whose_owner_never_was_goes()
    {
        var (path, _) = await OwnerAsync();
        await OwnedAsync(path, "lost", "no-such-uid");
        await GoneAsync(path, "lost");
    }

    [Fact]
    public async Task In_the_foreground_the_owner_waits_for_its_dependents()
    {
        var (path, uid) = await OwnerAsync();
        await OwnedAsync(path, "child", uid, ""","finalizers":["x.io/hold"]""");
        Answer waiting = (await Api.DeleteAsync($"{path}/owner?propagationPolicy=Foreground")).Expect(200);
        Assert.Contains("foregroundDeletion", waiting.Metadata["finalizers"]!.ToJsonString(), StringComparison.Ordinal);
        await foreach (JsonObject change in Api.WatchAsync($"{path}?watch=1&timeoutSeconds=30&fieldSelector=metadata.name%3Dchild", TestContext.Current.CancellationToken))
            if (change["object"]!["metadata"]!["deletionTimestamp"] is not null) break;
        (await Api.GetAsync($"{path}/owner")).Expect(200);
        (await Api.PatchAsync($"{path}/child", """{"metadata":{"finalizers":null}}""")).Expect(200);
        await GoneAsync(path, "child");
        await GoneAsync(path, "owner");
    }

    [Fact]
    public async Task Orphans_are_cut_loose_and_stay()
    {
        var (path, uid) = await OwnerAsync();
        await OwnedAsync(path, "child", uid);
        (await Api.DeleteAsync($"{path}/owner", """{"propagationPolicy":"Orphan"}""")).Expect(200);
        await GoneAsync(path, "owner");
        Assert.Null((await Api.GetAsync($"{path}/child")).Expect(200).Metadata["ownerReferences"]);
    }
}
