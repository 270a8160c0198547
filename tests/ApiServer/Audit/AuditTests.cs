using System.Text.Json.Nodes;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Audit;

/// <summary>What a server writes down about requests, and what it never does.</summary>
public sealed class AuditTests(AuditedServer server) : IClassFixture<AuditedServer>
{
    private const string Maps = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task An_event_says_who_did_what_when_and_by_which_right()
    {
        string name = Unique();
        (await server.Client.PostAsync(Maps, $$$"""{"metadata":{"name":"{{{name}}}"},"data":{"a":"b"}}""")).Expect(201);

        JsonObject[] events = await server.EventsAsync(name, 1);
        Assert.Equal(["ResponseComplete"], events.Select(e => (string?)e["stage"]));
        JsonObject written = events[0];
        Assert.Equal(("audit.k8s.io/v1", "Event", "RequestResponse", "create"), ((string?)written["apiVersion"], (string?)written["kind"], (string?)written["level"], (string?)written["verb"]));
        Assert.Equal("margay-admin", (string?)written["user"]!["username"]);
        Assert.Equal(201, (int?)written["responseStatus"]!["code"]);
        Assert.Equal("allow", (string?)written["annotations"]!["authorization.k8s.io/decision"]);
        Assert.Equal("b", (string?)written["requestObject"]!["data"]!["a"]);
        Assert.NotNull(written["responseObject"]!["metadata"]!["uid"]);
        Assert.True(DateTimeOffset.Parse((string)written["requestReceivedTimestamp"]!) <= DateTimeOffset.Parse((string)written["stageTimestamp"]!));
    }

    [Fact]
    public async Task A_refusal_is_recorded_with_its_reason_and_so_is_a_stranger()
    {
        string name = Unique();
        using var nobody = new ApiClient(server.Address, server.Authority, CertificateAuthority.Open(server.Pki, TimeProvider.System).Client("nobody", []));
        using var stranger = new ApiClient(server.Address, server.Authority, null, "wrong");

        (await nobody.GetAsync($"{Maps}/{name}")).Expect(403);
        await server.EventsAsync(name, 1);
        (await stranger.GetAsync($"{Maps}/{name}")).Expect(401);

        JsonObject[] events = await server.EventsAsync(name, 2);
        Assert.Equal([403, 401], events.Select(e => (int?)e["responseStatus"]!["code"]));
        Assert.Equal("forbid", (string?)events[0]["annotations"]!["authorization.k8s.io/decision"]);
        Assert.Empty((JsonObject)events[1]["user"]!);
        Assert.DoesNotContain("wrong", events[1].ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_by_tier_is_a_refusal_in_the_log()
    {
        string name = Unique();
        const string rbac = "/apis/rbac.authorization.k8s.io/v1";
        (await server.Client.PostAsync("/apis/projectcalico.org/v3/globalnetworkpolicies", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"selector":"all()","tier":"kube-admin"}}""")).Expect(201);
        (await server.Client.PostAsync($"{rbac}/clusterroles", $$$"""{"metadata":{"name":"{{{name}}}"},"rules":[{"verbs":["*"],"apiGroups":["projectcalico.org"],"resources":["tier.globalnetworkpolicies"],"resourceNames":["default.*"]}]}""")).Expect(201);
        (await server.Client.PostAsync($"{rbac}/clusterrolebindings", $$$"""{"metadata":{"name":"{{{name}}}"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"{{{name}}}"},"subjects":[{"kind":"User","name":"{{{name}}}"}]}""")).Expect(201);
        using var user = new ApiClient(server.Address, server.Authority, CertificateAuthority.Open(server.Pki, TimeProvider.System).Client(name, []));
        string own = $"{name}-own";
        (await user.PostAsync("/apis/projectcalico.org/v3/globalnetworkpolicies", $$$"""{"metadata":{"name":"{{{own}}}"},"spec":{"selector":"all()"}}""")).Expect(201);
        (await user.PatchAsync($"/apis/projectcalico.org/v3/globalnetworkpolicies/{own}", """{"spec":{"tier":"kube-admin"}}""")).Expect(403);

        JsonObject move = (await server.EventsAsync(own, 2)).Single(e => (string?)e["verb"] == "patch");
        Assert.Equal("forbid", (string?)move["annotations"]!["authorization.k8s.io/decision"]);
        Assert.Contains("in tier \"kube-admin\"", (string?)move["annotations"]!["authorization.k8s.io/reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acting_as_somebody_else_is_recorded_with_both()
    {
        string name = Unique();
        await server.Client.SendAsync(HttpMethod.Get, $"{Maps}/{name}", null, headers: [("Impersonate-User", "jane")]);

        JsonObject written = (await server.EventsAsync(name, 1)).Single();
        Assert.Equal("margay-admin", (string?)written["user"]!["username"]);
        Assert.Equal("jane", (string?)written["impersonatedUser"]!["username"]);
    }

    [Fact]
    public async Task A_watch_is_recorded_when_it_begins_and_when_it_ends()
    {
        string name = Unique();
        await foreach (JsonObject change in server.Client.WatchAsync($"{Maps}?watch=true&fieldSelector=metadata.name={name}&timeoutSeconds=1", TestContext.Current.CancellationToken))
            Assert.NotNull(change);

        Assert.Equal(["ResponseStarted", "ResponseComplete"], (await server.EventsAsync(name, 2)).Select(e => (string?)e["stage"]));
    }

    [Fact]
    public async Task Secrets_and_tokens_are_never_in_it_whatever_the_policy_says()
    {
        string name = Unique();
        string hidden = Convert.ToBase64String(Guid.NewGuid().ToByteArray()), secrets = "/api/v1/namespaces/default/secrets", account = $"/api/v1/namespaces/default/serviceaccounts/{name}";
        (await server.Client.PostAsync(secrets, $$$"""{"metadata":{"name":"{{{name}}}"},"data":{"k":"{{{hidden}}}"}}""")).Expect(201);
        (await server.Client.PatchAsync($"{secrets}/{name}", $$$"""{"data":{"l":"{{{hidden}}}"}}""")).Expect(200);
        Assert.InRange((await server.Client.PutAsync($"{secrets}/{name}", $$$"""{"metadata":{"name":"{{{name}}}"},"data":{"k":["{{{hidden}}}"]}}""")).Code, 400, 499);
        (await server.Client.GetAsync(secrets)).Expect(200);
        (await server.Client.PostAsync("/api/v1/namespaces/default/serviceaccounts", $$$"""{"metadata":{"name":"{{{name}}}"}}""")).Expect(201);
        string token = (string)(await server.Client.PostAsync($"{account}/token", "{}")).Expect(201).Json["status"]!["token"]!;
        (await server.Client.PostAsync("/apis/authentication.k8s.io/v1/tokenreviews", $$$"""{"spec":{"token":"{{{token}}}"}}""")).Expect(201);
        using var robot = new ApiClient(server.Address, server.Authority, null, token);
        (await robot.GetAsync("/api")).Expect(200);

        await server.EventsAsync(name, 5);
        await server.UntilAsync(() => server.Events().Any(e => (string?)e["user"]!["username"] == $"system:serviceaccount:default:{name}"));
        string log = server.Text();
        Assert.Contains($"\"{name}\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain(hidden, log, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[1], log, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[2], log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_count_events_attempts_and_decisions()
    {
        (await server.Client.GetAsync(Maps)).Expect(200);
        string metrics = (await server.Client.GetAsync("/metrics")).Text;
        foreach (string series in (string[])["apiserver_audit_event_total ", "apiserver_audit_error_total{plugin=\"log\"} 0", "authentication_attempts{method=\"certificate\",result=\"success\"}", "apiserver_authorization_decisions_total{decision=\"allowed\"}"])
            Assert.Contains(series, metrics, StringComparison.Ordinal);
    }

    private static string Unique() => $"a{Guid.NewGuid():N}"[..12];
}
