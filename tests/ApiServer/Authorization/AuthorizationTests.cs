using System.Text.Json.Nodes;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Authorization;

/// <summary>Users with certificates of their own, what roles let them do, and that nobody gives more than they have.</summary>
public sealed class AuthorizationTests(TestServer server)
{
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1";

    [Fact]
    public async Task Without_a_role_nothing_but_discovery_and_questions_about_oneself_is_allowed()
    {
        string space = await server.NamespaceAsync();
        using var user = Client($"nobody-{space}");

        foreach (string open in (string[])["/api", "/apis", "/apis/projectcalico.org/v3", "/openapi/v2", "/version"])
            (await user.GetAsync(open)).Expect(200);
        var refused = (await user.GetAsync($"/api/v1/namespaces/{space}/pods")).Expect(403, "Forbidden");
        Assert.Equal(
            $"pods is forbidden: User \"nobody-{space}\" cannot list resource \"pods\" in API group \"\" in the namespace \"{space}\"", refused.Message);
        (await user.GetAsync("/api/v1/nodes/n1")).Expect(403);
        (await user.GetAsync("/metrics")).Expect(403);
        (await user.PostAsync("/api/v1/namespaces", """{"metadata":{"name":"x"}}""")).Expect(403);
        (await user.GetAsync("/api/v1/pods?watch=true")).Expect(403);
    }

    [Fact]
    public async Task A_role_allows_its_verbs_resources_and_names_in_its_namespace_and_nothing_else()
    {
        string space = await server.NamespaceAsync(), other = await server.NamespaceAsync(), name = $"u-{space}";
        await RoleAsync(space, "maps", """{"verbs":["get","list","watch"],"apiGroups":[""],"resources":["configmaps"]},{"verbs":["update"],"apiGroups":[""],"resources":["configmaps"],"resourceNames":["mine"]}""");
        await BindAsync(space, "maps", "Role", "maps", "User", name);
        foreach (string map in (string[])["mine", "yours"])
            (await server.Client.PostAsync($"/api/v1/namespaces/{space}/configmaps", $$$"""{"metadata":{"name":"{{{map}}}"}}""")).Expect(201);
        using var user = Client(name);

        (await user.GetAsync($"/api/v1/namespaces/{space}/configmaps")).Expect(200);
        (await user.GetAsync($"/api/v1/namespaces/{space}/configmaps/mine")).Expect(200);
        (await user.PutAsync($"/api/v1/namespaces/{space}/configmaps/mine", """{"metadata":{"name":"mine"},"data":{"a":"b"}}""")).Expect(200);
        (await user.PutAsync($"/api/v1/namespaces/{space}/configmaps/yours", """{"metadata":{"name":"yours"}}""")).Expect(403);
        (await user.PatchAsync($"/api/v1/namespaces/{space}/configmaps/mine", "{}")).Expect(403);
        (await user.DeleteAsync($"/api/v1/namespaces/{space}/configmaps/mine")).Expect(403);
        (await user.DeleteAsync($"/api/v1/namespaces/{space}/configmaps")).Expect(403);
        (await user.GetAsync($"/api/v1/namespaces/{other}/configmaps")).Expect(403);
        (await user.GetAsync("/api/v1/configmaps")).Expect(403);
        (await user.GetAsync($"/api/v1/namespaces/{space}/secrets")).Expect(403);
    }

    [Fact]
    public async Task A_right_that_is_taken_is_gone_with_the_next_request()
    {
        string space = await server.NamespaceAsync(), name = $"u-{space}";
        using var user = Client("someone", name);
        for (int round = 0; round < 5; round++)
        {
            await BindAsync(space, "view", "ClusterRole", "view", "Group", name);
            (await user.GetAsync($"/api/v1/namespaces/{space}/pods")).Expect(200);
            (await server.Client.DeleteAsync($"{Rbac}/namespaces/{space}/rolebindings/view")).Expect(200);
            (await user.GetAsync($"/api/v1/namespaces/{space}/pods")).Expect(403);
        }
    }

    [Fact]
    public async Task Parts_of_objects_need_rights_of_their_own()
    {
        string space = await server.NamespaceAsync(), name = $"u-{space}";
        await RoleAsync(space, "pods", """{"verbs":["*"],"apiGroups":[""],"resources":["pods"]}""");
        await BindAsync(space, "pods", "Role", "pods", "User", name);
        (await server.Client.PostAsync($"/api/v1/namespaces/{space}/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")).Expect(201);
        using var user = Client(name);

        (await user.GetAsync($"/api/v1/namespaces/{space}/pods/p")).Expect(200);
        var refused = (await user.GetAsync($"/api/v1/namespaces/{space}/pods/p/status")).Expect(403);
        Assert.Contains("cannot get resource \"pods/status\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_writes_or_binds_a_role_with_more_than_they_have()
    {
        string space = await server.NamespaceAsync(), name = $"u-{space}";
        await BindAsync(space, "admin", "ClusterRole", "admin", "User", name);
        using var user = Client(name);

        // What an admin of the namespace has may be given on.
        (await user.PostAsync($"{Rbac}/namespaces/{space}/roles", RoleText("ok", """{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}"""))).Expect(201);
        (await user.PostAsync($"{Rbac}/namespaces/{space}/rolebindings", BindingText("ok", "Role", "ok", "User", "friend"))).Expect(201);
        // More may not: by writing, by changing, by binding.
        var refused = (await user.PostAsync($"{Rbac}/namespaces/{space}/roles", RoleText("more", """{"verbs":["get"],"apiGroups":[""],"resources":["nodes"]}"""))).Expect(403);
        Assert.Contains("attempting to grant RBAC permissions not currently held: get nodes", refused.Message, StringComparison.Ordinal);
        (await user.PostAsync($"{Rbac}/namespaces/{space}/roles", RoleText("all", """{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}"""))).Expect(403);
        (await user.PutAsync($"{Rbac}/namespaces/{space}/roles/ok", RoleText("ok", """{"verbs":["escalate"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["roles"]}"""))).Expect(403);
        (await user.PostAsync($"{Rbac}/namespaces/{space}/rolebindings", BindingText("root", "ClusterRole", "cluster-admin", "User", name))).Expect(403);
        (await user.PostAsync($"{Rbac}/namespaces/{space}/rolebindings", BindingText("later", "ClusterRole", $"none-{space}", "User", name))).Expect(403);
        (await user.PostAsync($"{Rbac}/clusterrolebindings", BindingText("root", "ClusterRole", "cluster-admin", "User", name))).Expect(403);
    }

    [Fact]
    public async Task A_role_that_gathers_others_is_for_those_who_may_do_everything()
    {
        string space = await server.NamespaceAsync(), name = $"u-{space}";
        (await server.Client.PostAsync($"{Rbac}/clusterroles", RoleText(name, """{"verbs":["create","update"],"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"]}"""))).Expect(201);
        (await server.Client.PostAsync($"{Rbac}/clusterrolebindings", BindingText(name, "ClusterRole", name, "User", name))).Expect(201);
        using var user = Client(name);

        // It would give whatever anybody labels so, to whoever is bound to the role already.
        (await user.PutAsync($"{Rbac}/clusterroles/{name}", $$$"""{"metadata":{"name":"{{{name}}}"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"any":"thing"}}]},"rules":[]}""")).Expect(403);
    }

    [Fact]
    public async Task A_binding_never_changes_its_role()
    {
        string space = await server.NamespaceAsync();
        await BindAsync(space, "b", "ClusterRole", "view", "User", "u");

        var refused = (await server.Client.PutAsync($"{Rbac}/namespaces/{space}/rolebindings/b", BindingText("b", "ClusterRole", "edit", "User", "u"))).Expect(422);

        Assert.Contains("cannot change roleRef", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_account_is_a_subject_and_a_role_can_gather_others()
    {
        string space = await server.NamespaceAsync(), name = $"g-{space}";
        (await server.Client.PostAsync($"{Rbac}/clusterroles", $$$"""{"metadata":{"name":"{{{name}}}-part","labels":{"gather":"{{{space}}}"}},"rules":[{"verbs":["list"],"apiGroups":[""],"resources":["nodes"]}]}""")).Expect(201);
        (await server.Client.PostAsync($"{Rbac}/clusterroles", $$$$"""{"metadata":{"name":"{{{{name}}}}"},"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"gather":"{{{{space}}}}"}}]}}""")).Expect(201);
        (await server.Client.PostAsync($"{Rbac}/clusterrolebindings", $$$"""{"metadata":{"name":"{{{name}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{name}}}"},"subjects":[{"kind":"ServiceAccount","namespace":"{{{space}}}","name":"robot"}]}""")).Expect(201);
        using var robot = Client($"system:serviceaccount:{space}:robot");
        using var other = Client($"system:serviceaccount:{space}:other");

        (await robot.GetAsync("/api/v1/nodes")).Expect(200);
        (await other.GetAsync("/api/v1/nodes")).Expect(403);
    }

    [Fact]
    public async Task Reviews_say_what_requests_get()
    {
        string space = await server.NamespaceAsync(), name = $"u-{space}";
        await BindAsync(space, "view", "ClusterRole", "view", "User", name);
        using var user = Client(name);

        async Task<bool> CanAsync(ApiClient who, string verb, string group, string resource, string at)
        {
            var answer = (await who.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", $$$$"""
                {"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"resourceAttributes":{"verb":"{{{{verb}}}}","group":"{{{{group}}}}","resource":"{{{{resource}}}}","namespace":"{{{{at}}}}"}}}
                """)).Expect(201);
            return (bool)answer.Json["status"]!["allowed"]!;
        }

        Assert.True(await CanAsync(user, "list", "", "pods", space));
        Assert.True(await CanAsync(user, "get", "projectcalico.org", "networkpolicies", space));
        Assert.False(await CanAsync(user, "delete", "", "pods", space));
        Assert.False(await CanAsync(user, "list", "", "pods", "default"));
        Assert.False(await CanAsync(user, "list", "", "secrets", space));
        Assert.True(await CanAsync(server.Client, "delete", "", "nodes", ""));

        var rules = (await user.PostAsync("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", $$$"""{"spec":{"namespace":"{{{space}}}"}}""")).Expect(201);
        Assert.Contains((JsonArray)rules.Json["status"]!["resourceRules"]!, rule => rule!["resources"]!.AsArray().Any(r => (string)r! == "pods"));
        // Asking about others is a right of its own.
        const string about = """{"spec":{"user":"jane","resourceAttributes":{"verb":"list","resource":"pods"}}}""";
        (await user.PostAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", about)).Expect(403);
        Assert.False((bool)(await server.Client.PostAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", about)).Expect(201).Json["status"]!["allowed"]!);
    }

    [Fact]
    public async Task Acting_as_somebody_else_has_their_rights_and_needs_a_right_of_its_own()
    {
        string space = await server.NamespaceAsync(), name = $"u-{space}";
        await BindAsync(space, "view", "ClusterRole", "view", "User", name);
        string pods = $"/api/v1/namespaces/{space}/pods";

        Assert.Equal(200, await AsAsync(server.Client, pods, ("Impersonate-User", name)));
        Assert.Equal(403, await AsAsync(server.Client, pods, ("Impersonate-User", "nobody")));
        Assert.Equal(200, await AsAsync(server.Client, pods, ("Impersonate-User", "nobody"), ("Impersonate-Group", "system:masters")));
        Assert.Equal(400, await AsAsync(server.Client, pods, ("Impersonate-Group", "system:masters")));
        Assert.Equal(400, await AsAsync(server.Client, pods, ("Impersonate-User", name), ("Impersonate-Extra-scopes", "x")));
        using var user = Client(name);
        Assert.Equal(403, await AsAsync(user, pods, ("Impersonate-User", "margay-admin")));
        Assert.Equal(403, await AsAsync(user, pods, ("Impersonate-User", name), ("Impersonate-Group", "system:masters")));
    }

    private static async Task<int> AsAsync(ApiClient client, string path, params (string Name, string Value)[] headers) =>
        (await client.SendAsync(HttpMethod.Get, path, null, headers: headers)).Code;

    [Fact]
    public async Task The_node_role_reads_what_policy_needs_and_writes_blocks_and_no_policies()
    {
        using var node = Client("system:node:n1", "margay:nodes");

        foreach (string path in (string[])["/api/v1/pods", "/api/v1/namespaces", "/apis/projectcalico.org/v3/networkpolicies", "/apis/networking.k8s.io/v1/networkpolicies", "/apis/discovery.k8s.io/v1/endpointslices"])
            (await node.GetAsync(path)).Expect(200);
        (await node.GetAsync("/api/v1/secrets")).Expect(403);
        (await node.PostAsync("/apis/projectcalico.org/v3/globalnetworkpolicies", """{"metadata":{"name":"x"}}""")).Expect(403);
    }

    private ApiClient Client(string user, params string[] groups)
    {
        var authority = CertificateAuthority.Open(server.Pki, TimeProvider.System);
        return new ApiClient(server.Host.Address, server.Authority, authority.Client(user, groups));
    }

    private async Task RoleAsync(string space, string name, string rules) =>
        (await server.Client.PostAsync($"{Rbac}/namespaces/{space}/roles", RoleText(name, rules))).Expect(201);

    private async Task BindAsync(string space, string name, string roleKind, string role, string subjectKind, string subject) =>
        (await server.Client.PostAsync($"{Rbac}/namespaces/{space}/rolebindings", BindingText(name, roleKind, role, subjectKind, subject))).Expect(201);

    private static string RoleText(string name, string rules) => $$$"""{"metadata":{"name":"{{{name}}}"},"rules":[{{{rules}}}]}""";

    private static string BindingText(string name, string roleKind, string role, string subjectKind, string subject) => $$$"""
        {"metadata":{"name":"{{{name}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"{{{roleKind}}}","name":"{{{role}}}"},
         "subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"{{{subjectKind}}}","name":"{{{subject}}}"}]}
        """;
}
