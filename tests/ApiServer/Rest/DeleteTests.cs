namespace Margay.ApiServer.Tests.Rest;

public sealed class DeleteTests(TestServer server)
{
    private ApiClient Api => server.Client;

    private async Task<string> MapsAsync(params string[] bodies)
    {
        string path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        foreach (string body in bodies) (await Api.PostAsync(path, body)).Expect(201);
        return path;
    }

    [Fact]
    public async Task A_deleted_object_is_gone_and_the_answer_says_which_it_was()
    {
        string path = await MapsAsync("""{"metadata":{"name":"a"}}""");
        string uid = (string)(await Api.GetAsync($"{path}/a")).Metadata["uid"]!;
        Answer done = (await Api.DeleteAsync($"{path}/a")).Expect(200);
        Assert.Equal("Success", (string?)done.Json["status"]);
        Assert.Equal(uid, (string?)done.Json["details"]!["uid"]);
        (await Api.GetAsync($"{path}/a")).Expect(404, "NotFound");
        (await Api.DeleteAsync($"{path}/a")).Expect(404, "NotFound");
    }

    [Fact]
    public async Task Finalizers_hold_an_object_until_the_last_one_is_removed()
    {
        string path = await MapsAsync("""{"metadata":{"name":"a","finalizers":["x.io/one","x.io/two"]}}""");
        Answer held = (await Api.DeleteAsync($"{path}/a")).Expect(200);
        Assert.NotNull(held.Metadata["deletionTimestamp"]);
        (await Api.PatchAsync($"{path}/a", """{"metadata":{"finalizers":["x.io/one","x.io/two","x.io/three"]}}""")).Expect(422);
        (await Api.PatchAsync($"{path}/a", """{"metadata":{"finalizers":["x.io/two"]}}""")).Expect(200);
        Assert.Equal(held.Metadata["deletionTimestamp"]!.ToString(), (await Api.GetAsync($"{path}/a")).Metadata["deletionTimestamp"]!.ToString());
        (await Api.PatchAsync($"{path}/a", """{"metadata":{"finalizers":null}}""")).Expect(200);
        (await Api.GetAsync($"{path}/a")).Expect(404);
    }

    [Fact]
    public async Task Preconditions_and_dry_runs_are_respected()
    {
        string path = await MapsAsync("""{"metadata":{"name":"a"}}""");
        Answer there = await Api.GetAsync($"{path}/a");
        (await Api.DeleteAsync($"{path}/a", """{"preconditions":{"uid":"other"}}""")).Expect(409, "Conflict");
        (await Api.DeleteAsync($"{path}/a", """{"preconditions":{"resourceVersion":"1"}}""")).Expect(409, "Conflict");
        (await Api.DeleteAsync($"{path}/a?dryRun=All")).Expect(200);
        (await Api.DeleteAsync($"{path}/a", """{"dryRun":["All"]}""")).Expect(200);
        (await Api.DeleteAsync($"{path}/a", """{"propagationPolicy":"Sideways"}""")).Expect(422);
        (await Api.GetAsync($"{path}/a")).Expect(200);
        (await Api.DeleteAsync($"{path}/a", $$$"""{"preconditions":{"uid":"{{{there.Metadata["uid"]}}}","resourceVersion":"{{{there.Version}}}"}}""")).Expect(200);
    }

    [Fact]
    public async Task A_pod_on_a_node_ends_with_the_nodes_consent_and_any_other_at_once()
    {
        string path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/pods";
        (await Api.PostAsync(path, """{"metadata":{"name":"free"},"spec":{"containers":[{"name":"c"}]}}""")).Expect(201);
        (await Api.PostAsync(path, """{"metadata":{"name":"placed"},"spec":{"nodeName":"n","terminationGracePeriodSeconds":17,"containers":[{"name":"c"}]}}""")).Expect(201);
        (await Api.DeleteAsync($"{path}/free")).Expect(200);
        (await Api.GetAsync($"{path}/free")).Expect(404);
        Answer ending = (await Api.DeleteAsync($"{path}/placed")).Expect(200);
        Assert.Equal(17, (int?)ending.Metadata["deletionGracePeriodSeconds"]);
        (await Api.DeleteAsync($"{path}/placed", """{"gracePeriodSeconds":60}""")).Expect(200);
        Assert.Equal(17, (int?)(await Api.GetAsync($"{path}/placed")).Metadata["deletionGracePeriodSeconds"]);
        (await Api.DeleteAsync($"{path}/placed?gracePeriodSeconds=0")).Expect(200);
        (await Api.GetAsync($"{path}/placed")).Expect(404);
    }

    [Fact]
    public async Task A_collection_is_deleted_by_selector()
    {
        string path = await MapsAsync("""{"metadata":{"name":"a","labels":{"x":"1"}}}""", """{"metadata":{"name":"b","labels":{"x":"1"}}}""",
            """{"metadata":{"name":"c","labels":{"x":"2"}}}""");
        Answer gone = (await Api.DeleteAsync($"{path}?labelSelector=x%3D1")).Expect(200);
        Assert.Equal(["a", "b"], gone.Names);
        Assert.Equal(["c"], (await Api.GetAsync(path)).Names);
    }

    [Fact]
    public async Task What_everything_relies_on_cannot_be_deleted()
    {
        (await Api.DeleteAsync("/api/v1/namespaces/kube-system")).Expect(403, "Forbidden");
        foreach (string tier in (string[])["default", "kube-admin", "kube-baseline"])
            (await Api.DeleteAsync($"/apis/projectcalico.org/v3/tiers/{tier}")).Expect(403, "Forbidden");
    }

    [Fact]
    public async Task A_tier_goes_only_when_it_is_empty()
    {
        string tier = $"t-{Guid.NewGuid():N}"[..12];
        (await Api.PostAsync("/apis/projectcalico.org/v3/tiers", $$$"""{"metadata":{"name":"{{{tier}}}"},"spec":{"order":5}}""")).Expect(201);
        (await Api.PostAsync("/apis/projectcalico.org/v3/globalnetworkpolicies",
            $$$"""{"metadata":{"name":"{{{tier}}}.p"},"spec":{"tier":"{{{tier}}}","selector":"all()"}}""")).Expect(201);
        (await Api.DeleteAsync($"/apis/projectcalico.org/v3/tiers/{tier}")).Expect(403, "Forbidden");
        (await Api.DeleteAsync($"/apis/projectcalico.org/v3/globalnetworkpolicies/{tier}.p")).Expect(200);
        (await Api.DeleteAsync($"/apis/projectcalico.org/v3/tiers/{tier}")).Expect(200);
    }
}
