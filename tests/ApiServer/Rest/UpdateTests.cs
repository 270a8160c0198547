using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Rest;

public sealed class UpdateTests(TestServer server)
{
    private ApiClient Api => server.Client;

    private async Task<(string Path, Answer Made)> PolicyAsync()
    {
        string space = await server.NamespaceAsync();
        string path = $"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies";
        Answer made = (await Api.PostAsync(path, """{"metadata":{"name":"p","labels":{"x":"1"}},"spec":{"selector":"all()","order":1}}""")).Expect(201);
        return ($"{path}/p", made);
    }

    [Fact]
    public async Task An_update_with_an_old_version_is_a_conflict()
    {
        var (path, made) = await PolicyAsync();
        JsonObject next = made.Json;
        next["spec"]!["order"] = 2;
        Answer second = (await Api.PutAsync(path, next.ToJsonString())).Expect(200);
        Assert.True(long.Parse(second.Version) > long.Parse(made.Version));
        next["spec"]!["order"] = 3;
        Answer refused = (await Api.PutAsync(path, next.ToJsonString())).Expect(409, "Conflict");
        Assert.Equal("Operation cannot be fulfilled on networkpolicies.projectcalico.org \"p\": the object has been modified; "
            + "please apply your changes to the latest version and try again", refused.Message);
        next["metadata"]!.AsObject().Remove("resourceVersion");
        (await Api.PutAsync(path, next.ToJsonString())).Expect(200);
    }

    [Fact]
    public async Task Applying_the_status_of_an_object_that_is_not_there_makes_none()
    {
        const string Path = "/apis/projectcalico.org/v3/caliconodestatuses/nowhere";
        const string Applied = """{"apiVersion":"projectcalico.org/v3","kind":"CalicoNodeStatus","metadata":{"name":"nowhere"},"spec":{"node":"n"},"status":{"lastUpdated":"2026-01-01T00:00:00Z"} }""";
        (await Api.PatchAsync(Path + "/status?fieldManager=x", Applied, "application/apply-patch+yaml")).Expect(404, "NotFound");
        (await Api.GetAsync(Path)).Expect(404);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_keeps_the_version()
    {
        var (path, made) = await PolicyAsync();
        Assert.Equal(made.Version, (await Api.PutAsync(path, made.Text)).Expect(200).Version);
        Assert.Equal(made.Version, (await Api.PatchAsync(path, """{"spec":{"order":1}}""")).Expect(200).Version);
    }

    [Fact]
    public async Task The_generation_counts_changes_of_the_specification_only()
    {
        var (path, _) = await PolicyAsync();
        Answer labelled = (await Api.PatchAsync(path, """{"metadata":{"labels":{"y":"2"}}}""")).Expect(200);
        Assert.Equal(1, (int?)labelled.Metadata["generation"]);
        Answer changed = (await Api.PatchAsync(path, """{"spec":{"order":7}}""")).Expect(200);
        Assert.Equal(2, (int?)changed.Metadata["generation"]);
    }

    [Fact]
    public async Task What_the_server_owns_cannot_be_changed()
    {
        var (path, made) = await PolicyAsync();
        JsonObject next = made.Json;
        JsonObject metadata = next["metadata"]!.AsObject();
        metadata["creationTimestamp"] = "2001-01-01T00:00:00Z";
        metadata["deletionTimestamp"] = "2001-01-01T00:00:00Z";
        metadata["generation"] = 77;
        Answer kept = (await Api.PutAsync(path, next.ToJsonString())).Expect(200);
        Assert.True(JsonNode.DeepEquals(made.Json, kept.Json));
        metadata["uid"] = "another";
        (await Api.PutAsync(path, next.ToJsonString())).Expect(409, "Conflict");
        metadata.Remove("uid");
        metadata["name"] = "another";
        (await Api.PutAsync(path, next.ToJsonString())).Expect(400);
    }

    [Fact]
    public async Task A_missing_object_cannot_be_updated_or_patched()
    {
        (await Api.PutAsync("/api/v1/namespaces/default/configmaps/none", """{"metadata":{"name":"none"}}""")).Expect(404, "NotFound");
        (await Api.PatchAsync("/api/v1/namespaces/default/configmaps/none", "{}")).Expect(404, "NotFound");
    }

    [Fact]
    public async Task The_status_and_the_rest_do_not_write_each_other()
    {
        string space = await server.NamespaceAsync();
        string path = $"/api/v1/namespaces/{space}/pods";
        Answer made = (await Api.PostAsync(path, """
            {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]},"status":{"phase":"Running","podIP":"10.0.0.1"}}
            """)).Expect(201);
        Assert.Equal("Pending", (string?)made.Json["status"]!["phase"]);
        Answer main = (await Api.PatchAsync($"{path}/p", """{"metadata":{"labels":{"a":"b"}},"status":{"phase":"Failed"}}""")).Expect(200);
        Assert.Equal("Pending", (string?)main.Json["status"]!["phase"]);
        Answer status = (await Api.PatchAsync($"{path}/p/status",
            """{"metadata":{"labels":{"a":"c"}},"spec":{"nodeName":"n"},"status":{"phase":"Running","podIP":"10.0.0.2"}}""")).Expect(200);
        Assert.Equal("Running", (string?)status.Json["status"]!["phase"]);
        Assert.Equal("b", (string?)status.Metadata["labels"]!["a"]);
        Assert.Null(status.Json["spec"]!["nodeName"]);
        (await Api.GetAsync($"{path}/p/status")).Expect(200);
        (await Api.PatchAsync($"/api/v1/namespaces/{space}/serviceaccounts/default/status", "{}")).Expect(404);
    }

    [Fact]
    public async Task A_pod_is_bound_to_one_node_once()
    {
        string space = await server.NamespaceAsync();
        string path = $"/api/v1/namespaces/{space}/pods";
        (await Api.PostAsync(path, """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c"}]}}""")).Expect(201);
        const string Binding = """{"apiVersion":"v1","kind":"Binding","metadata":{"name":"p"},"target":{"kind":"Node","name":"n1"}}""";
        (await Api.PostAsync($"{path}/p/binding", Binding)).Expect(201);
        Assert.Equal("n1", (string?)(await Api.GetAsync($"{path}/p")).Json["spec"]!["nodeName"]);
        (await Api.PostAsync($"{path}/p/binding", Binding)).Expect(409, "Conflict");
    }

    [Fact]
    public async Task Concurrent_patches_of_one_object_all_count()
    {
        string space = await server.NamespaceAsync();
        string path = $"/api/v1/namespaces/{space}/configmaps";
        (await Api.PostAsync(path, """{"metadata":{"name":"c"}}""")).Expect(201);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            Answer answer = await Api.PatchAsync($"{path}/c", $$$"""{"data":{"k{{{i}}}":"v"}}""");
            // Beyond the server's own attempts the client tries again, as clients do.
            while (answer.Code == 409) answer = await Api.PatchAsync($"{path}/c", $$$"""{"data":{"k{{{i}}}":"v"}}""");
            answer.Expect(200);
        }));
        Assert.Equal(16, (await Api.GetAsync($"{path}/c")).Json["data"]!.AsObject().Count);
    }

    [Fact]
    public async Task A_dry_run_of_an_update_changes_nothing()
    {
        var (path, made) = await PolicyAsync();
        Answer would = (await Api.PatchAsync($"{path}?dryRun=All", """{"spec":{"order":9}}""")).Expect(200);
        Assert.Equal(9, (int?)would.Json["spec"]!["order"]);
        Assert.Equal(made.Version, (await Api.GetAsync(path)).Version);
    }
}
