using System.Text.Json.Nodes;
using Margay.ApiServer.Security;
using Margay.Tests.Tiers;

namespace Margay.ApiServer.Tests.Authorization.Tiers;

/// <summary>What happens over time: policies that move, rights that change, and what people ask about them.</summary>
public sealed class TierScenarioTests(TestServer server)
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
    private const string V3 = "/apis/projectcalico.org/v3";

    [Fact]
    public async Task A_policy_that_moves_out_of_sight_is_deleted_for_the_watcher_as_it_was_seen_last()
    {
        var (space, mine, other) = await WorldAsync();
        using ApiClient user = await UserAsync(space, $"{mine}.*", mine);
        await PutAsync(space, "moves", mine, create: true);
        await using IAsyncEnumerator<JsonObject> watch = user.WatchAsync($"{V3}/namespaces/{space}/networkpolicies?watch=true", TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Equal("ADDED moves", await NextAsync(watch));

        await PutAsync(space, "moves", other);
        Assert.Equal("DELETED moves", await NextAsync(watch));
        Assert.Equal(mine, (string?)watch.Current["object"]!["spec"]!["tier"]);
        await PutAsync(space, "moves", other, mark: "unseen");
        await PutAsync(space, "moves", mine);
        Assert.Equal("ADDED moves", await NextAsync(watch));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_watch_whose_rights_change_ends_so_that_its_client_lists_again(bool gains)
    {
        var (space, mine, other) = await WorldAsync();
        using ApiClient user = await UserAsync(space, $"{mine}.*", mine, other);
        if (!gains) await GrantAsync(space, "more", $"{other}.*");
        await PutAsync(space, "theirs", other, create: true);
        await PutAsync(space, "own", mine, create: true);
        await using IAsyncEnumerator<JsonObject> watch = user.WatchAsync($"{V3}/namespaces/{space}/networkpolicies?watch=true", TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.Equal("ADDED own", await NextAsync(watch));
        if (!gains) Assert.Equal("ADDED theirs", await NextAsync(watch));

        if (gains) await GrantAsync(space, "more", $"{other}.*");
        else (await server.Client.DeleteAsync($"{Rbac}/namespaces/{space}/rolebindings/more")).Expect(200);
        await PutAsync(space, "theirs", other, mark: "changed");

        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("ERROR", (string?)watch.Current["type"]);
        Assert.Equal(410, (int?)watch.Current["object"]!["code"]);
        Assert.False(await watch.MoveNextAsync());
        Assert.Equal(gains ? ["own", "theirs"] : ["own"], (await user.GetAsync($"{V3}/namespaces/{space}/networkpolicies")).Expect(200).Names);
    }

    [Fact]
    public async Task A_collective_deletion_leaves_the_policies_of_other_tiers()
    {
        var (space, mine, other) = await WorldAsync();
        using ApiClient user = await UserAsync(space, $"{mine}.*", mine, other);
        await PutAsync(space, "own", mine, create: true);
        await PutAsync(space, "theirs", other, create: true);
        string all = $"{V3}/namespaces/{space}/networkpolicies";

        (await user.DeleteAsync($"{all}?fieldSelector=spec.tier={other}")).Expect(403);
        Assert.Equal(["own"], (await user.DeleteAsync(all)).Expect(200).Names);
        Assert.Equal(["theirs"], (await server.Client.GetAsync(all)).Names);
    }

    [Fact]
    public async Task A_policy_of_another_tier_does_not_show_itself_through_failures()
    {
        var (space, mine, other) = await WorldAsync();
        using ApiClient user = await UserAsync(space, $"{mine}.*", mine, other);
        await PutAsync(space, "theirs", other, create: true, mark: "secret");
        string path = $"{V3}/namespaces/{space}/networkpolicies/theirs";

        foreach (string guess in (string[])["secret", "wrong"])
            (await user.PatchAsync(path, $$$"""[{"op":"test","path":"/metadata/annotations/mark","value":"{{{guess}}}"}]""", "application/json-patch+json")).Expect(403);
        var refused = (await user.GetAsync(path)).Expect(403, "Forbidden");
        Assert.Contains($"in tier \"{other}\" and namespace \"{space}\"", refused.Message, StringComparison.Ordinal);
        (await user.DeleteAsync(path, """{"preconditions":{"uid":"guess"}}""")).Expect(403);
        Answer page = (await user.GetAsync($"{V3}/namespaces/{space}/networkpolicies?limit=1")).Expect(200);
        Assert.Null(page.Metadata["remainingItemCount"]);
    }

    [Fact]
    public async Task Reviews_answer_for_policies_what_requests_get()
    {
        var (space, mine, other) = await WorldAsync();
        using ApiClient user = await UserAsync(space, $"{mine}.*", mine);
        await PutAsync(space, "own", mine, create: true);
        await PutAsync(space, "theirs", other, create: true);

        Assert.True(await CanAsync(user, "get", "networkpolicies", space, "own"));
        Assert.False(await CanAsync(user, "get", "networkpolicies", space, "theirs"));
        Assert.True(await CanAsync(user, "create", "networkpolicies", space, ""));
        Assert.False(await CanAsync(user, "create", "networkpolicies", "default", ""));
        Assert.False(await CanAsync(user, "list", "globalnetworkpolicies", "", ""));
        // The rights themselves can be asked about too.
        Assert.True(await CanAsync(user, "delete", "tier.networkpolicies", space, $"{mine}.*"));
        Assert.False(await CanAsync(user, "delete", "tier.networkpolicies", space, $"{other}.*"));
        Assert.False(await CanAsync(user, "delete", "tier.networkpolicies", space, ""));
        // As kubectl spells them, which knows no such kind.
        foreach (string spelled in (string[])["tier.networkpolicies", "tier.networkpolicies.projectcalico.org"])
        {
            Assert.True(await CanAsync(user, "delete", spelled, space, $"{mine}.*", group: ""));
            Assert.False(await CanAsync(user, "delete", spelled, space, $"{other}.*", group: ""));
        }
    }

    [Fact]
    public async Task Nobody_gives_rights_in_a_tier_that_they_do_not_have()
    {
        var (space, mine, other) = await WorldAsync();
        using ApiClient user = await UserAsync(space, $"{mine}.*", mine);
        await GrantAsync(space, "roles", [], """{"verbs":["create"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"]}""");
        string RoleOf(string tier) => $$$"""{"metadata":{"name":"r-{{{tier}}}"},"rules":[{"verbs":["get"],"apiGroups":["projectcalico.org"],"resources":["tier.networkpolicies"],"resourceNames":["{{{tier}}}.*"]}]}""";

        (await user.PostAsync($"{Rbac}/namespaces/{space}/roles", RoleOf(mine))).Expect(201);
        (await user.PostAsync($"{Rbac}/namespaces/{space}/roles", RoleOf(other))).Expect(403);
    }

    [Fact]
    public async Task The_roles_of_a_new_server_give_namespaces_the_default_tier_and_node_services_everything_to_read()
    {
        var (space, mine, _) = await WorldAsync();
        await PutAsync(space, "strict", mine, create: true);
        await PutAsync(space, "usual", "default", create: true);
        string all = $"{V3}/namespaces/{space}/networkpolicies";
        using ApiClient editor = Client($"e-{space}"), viewer = Client($"v-{space}"), node = Client($"n-{space}", "margay:nodes"), auditor = Client($"a-{space}");
        foreach (var (user, role) in (IEnumerable<(string, string)>)[($"e-{space}", "edit"), ($"v-{space}", "view")])
            await BindAsync($"{Rbac}/namespaces/{space}/rolebindings", role, role, user);
        await BindAsync($"{Rbac}/clusterrolebindings", $"a-{space}", "view", $"a-{space}");

        Assert.Equal(["usual"], (await viewer.GetAsync(all)).Expect(200).Names);
        (await viewer.DeleteAsync($"{all}/usual")).Expect(403);
        (await editor.GetAsync($"{all}/strict")).Expect(403);
        (await editor.DeleteAsync($"{all}/usual?dryRun=All")).Expect(200);
        (await editor.PatchAsync($"{all}/usual", $$$"""{"spec":{"tier":"{{{mine}}}"}}""")).Expect(403);
        Assert.Equal(["strict", "usual"], (await auditor.GetAsync(all)).Expect(200).Names);
        foreach (string plural in TierWorld.Plurals) (await node.GetAsync($"{V3}/{plural}")).Expect(200);
        Assert.Equal(["strict", "usual"], (await node.GetAsync(all)).Expect(200).Names);
        (await node.DeleteAsync($"{all}/usual")).Expect(403);
    }

    private static async Task<string> NextAsync(IAsyncEnumerator<JsonObject> watch)
    {
        Assert.True(await watch.MoveNextAsync());
        return $"{watch.Current["type"]} {watch.Current["object"]!["metadata"]?["name"]}";
    }

    private async Task<(string Space, string Mine, string Other)> WorldAsync()
    {
        string space = await server.NamespaceAsync();
        foreach (string tier in (string[])[$"{space}-mine", $"{space}-other"])
            (await server.Client.PostAsync($"{V3}/tiers", $$$"""{"metadata":{"name":"{{{tier}}}"},"spec":{"order":50}}""")).Expect(201);
        return (space, $"{space}-mine", $"{space}-other");
    }

    private async Task PutAsync(string space, string name, string tier, bool create = false, string mark = "")
    {
        string body = $$$"""{"metadata":{"name":"{{{name}}}","annotations":{"mark":"{{{mark}}}"}},"spec":{"tier":"{{{tier}}}","selector":"all()"}}""";
        string all = $"{V3}/namespaces/{space}/networkpolicies";
        if (create) (await server.Client.PostAsync(all, body)).Expect(201);
        else (await server.Client.PutAsync($"{all}/{name}", body)).Expect(200);
    }

    /// <summary>A user of a namespace with every verb on policies under a name, who may get some tiers.</summary>
    private async Task<ApiClient> UserAsync(string space, string policies, params string[] tiers)
    {
        string name = $"u-{space}";
        ApiClient client = Client(name);
        (await server.Client.PostAsync($"{Rbac}/clusterroles", $$$"""{"metadata":{"name":"{{{name}}}"},"rules":[{"verbs":["get"],"apiGroups":["projectcalico.org"],"resources":["tiers"],"resourceNames":["{{{string.Join("\",\"", tiers)}}}"]}]}""")).Expect(201);
        await BindAsync($"{Rbac}/clusterrolebindings", name, name, name);
        await GrantAsync(space, "own", policies);
        return client;
    }

    private Task GrantAsync(string space, string name, string policies) => GrantAsync(
        space, name, [policies], """{"verbs":["*"],"apiGroups":["projectcalico.org"],"resources":["tier.networkpolicies"]""");

    private async Task GrantAsync(string space, string name, string[] names, string rule)
    {
        if (names.Length > 0) rule += $",\"resourceNames\":[\"{string.Join("\",\"", names)}\"]}}";
        (await server.Client.PostAsync($"{Rbac}/namespaces/{space}/roles", $$$"""{"metadata":{"name":"{{{name}}}"},"rules":[{{{rule}}}]}""")).Expect(201);
        await BindAsync($"{Rbac}/namespaces/{space}/rolebindings", name, name, $"u-{space}", "Role");
    }

    private async Task BindAsync(string at, string name, string role, string user, string kind = "ClusterRole") => (await server.Client.PostAsync(at, $$$"""
        {"metadata":{"name":"{{{name}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{{kind}}}","name":"{{{role}}}"},
         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"{{{user}}}"}]}
        """)).Expect(201);

    private ApiClient Client(string user, params string[] groups) =>
        new(server.Host.Address, server.Authority, CertificateAuthority.Open(server.Pki, TimeProvider.System).Client(user, groups));

    private static async Task<bool> CanAsync(ApiClient user, string verb, string resource, string space, string name, string group = "projectcalico.org")
    {
        var spec = new JsonObject { ["resourceAttributes"] = new JsonObject { ["verb"] = verb, ["group"] = group, ["resource"] = resource, ["namespace"] = space, ["name"] = name } };
        Answer answer = (await user.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", new JsonObject { ["spec"] = spec }.ToJsonString())).Expect(201);
        return (bool)answer.Json["status"]!["allowed"]!;
    }
}
