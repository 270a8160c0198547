using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Rest;

public sealed class CreateTests(TestServer server)
{
    private ApiClient Api => server.Client;

    [Fact]
    public async Task A_new_object_gets_its_identity_and_keeps_what_was_sent()
    {
        string space = await server.NamespaceAsync();
        Answer made = (await Api.PostAsync($"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies", """
            {"apiVersion":"projectcalico.org/v3","kind":"NetworkPolicy","metadata":{"name":"p","uid":"mine","resourceVersion":"",
             "labels":{"a":"b"},"creationTimestamp":null,"generation":9},"spec":{"order":10.5,"selector":"all()"}}
            """)).Expect(201);
        Assert.Equal("p", (string?)made.Metadata["name"]);
        Assert.Equal(space, (string?)made.Metadata["namespace"]);
        Assert.NotEqual("mine", (string?)made.Metadata["uid"]);
        Assert.Equal(1, (int?)made.Metadata["generation"]);
        Assert.EndsWith("Z", (string?)made.Metadata["creationTimestamp"]);
        Assert.Equal(10.5, (double?)made.Json["spec"]!["order"]);
        Answer read = (await Api.GetAsync($"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies/p")).Expect(200);
        Assert.True(JsonNode.DeepEquals(made.Json, read.Json));
    }

    [Fact]
    public async Task A_policy_is_stored_with_its_tier_as_field_and_label_and_the_tier_must_exist()
    {
        string name = $"g-{Guid.NewGuid():N}";
        Answer made = (await Api.PostAsync("/apis/projectcalico.org/v3/globalnetworkpolicies",
            $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"selector":"all()"}}""")).Expect(201);
        Assert.Equal("default", (string?)made.Json["spec"]!["tier"]);
        Assert.Equal("default", (string?)made.Metadata["labels"]!["projectcalico.org/tier"]);
        Answer refused = (await Api.PostAsync("/apis/projectcalico.org/v3/globalnetworkpolicies",
            """{"metadata":{"name":"x"},"spec":{"tier":"nowhere","selector":"all()"}}""")).Expect(422, "Invalid");
        Assert.Contains("spec.tier: FieldValueNotFound", refused.Causes);
    }

    [Fact]
    public async Task Generated_names_are_unique()
    {
        string space = await server.NamespaceAsync();
        var names = new HashSet<string>();
        for (int i = 0; i < 20; i++)
        {
            Answer made = (await Api.PostAsync($"/api/v1/namespaces/{space}/configmaps", """{"metadata":{"generateName":"made-"}}""")).Expect(201);
            Assert.True(names.Add((string)made.Metadata["name"]!));
        }
        Assert.All(names, n => Assert.StartsWith("made-", n));
    }

    [Fact]
    public async Task An_existing_name_is_a_conflict()
    {
        string space = await server.NamespaceAsync();
        string path = $"/api/v1/namespaces/{space}/configmaps";
        (await Api.PostAsync(path, """{"metadata":{"name":"one"}}""")).Expect(201);
        Answer again = (await Api.PostAsync(path, """{"metadata":{"name":"one"}}""")).Expect(409, "AlreadyExists");
        Assert.Equal("configmaps \"one\" already exists", again.Message);
    }

    [Fact]
    public async Task A_missing_namespace_is_not_found() =>
        (await Api.PostAsync("/api/v1/namespaces/nowhere/configmaps", """{"metadata":{"name":"one"}}""")).Expect(404, "NotFound");

    [Fact]
    public async Task A_dry_run_answers_and_stores_nothing()
    {
        string space = await server.NamespaceAsync();
        Answer made = (await Api.PostAsync($"/api/v1/namespaces/{space}/configmaps?dryRun=All", """{"metadata":{"name":"one"}}""")).Expect(201);
        Assert.NotNull(made.Metadata["uid"]);
        (await Api.GetAsync($"/api/v1/namespaces/{space}/configmaps/one")).Expect(404, "NotFound");
        (await Api.PostAsync($"/api/v1/namespaces/{space}/configmaps?dryRun=Some", """{"metadata":{"name":"one"}}""")).Expect(400);
    }

    [Fact]
    public async Task Every_mistake_is_named_at_once()
    {
        string space = await server.NamespaceAsync();
        Answer refused = (await Api.PostAsync($"/api/v1/namespaces/{space}/configmaps", """
            {"metadata":{"name":"Bad_Name","labels":{"-x":"y","ok":"not ok"},"finalizers":["no good"]},"data":{"a":7}}
            """)).Expect(422, "Invalid");
        Assert.Equal(
            ["data.a: FieldValueTypeInvalid", "metadata.finalizers: FieldValueInvalid", "metadata.labels: FieldValueInvalid",
             "metadata.labels: FieldValueInvalid", "metadata.name: FieldValueInvalid"],
            refused.Causes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "application/json", 400)]
    [InlineData("{", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("null", "application/json", 400)]
    [InlineData("{} {}", "application/json", 400)]
    [InlineData("\"text\"", "application/json", 400)]
    [InlineData("{\"metadata\":{\"name\":\"\\ud800\"}}", "application/json", 400)]
    [InlineData("a: [", "application/yaml", 400)]
    [InlineData("a: b\n---\nc: d", "application/yaml", 400)]
    [InlineData("k8s\0", "application/vnd.kubernetes.protobuf", 415)]
    [InlineData("{}", "text/plain", 415)]
    [InlineData("{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\"}}", "application/json", 400)]
    [InlineData("{\"apiVersion\":\"v2\",\"metadata\":{\"name\":\"a\"}}", "application/json", 400)]
    [InlineData("{\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}}", "application/json", 400)]
    [InlineData("{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"5\"}}", "application/json", 400)]
    [InlineData("{\"metadata\":{}}", "application/json", 422)]
    [InlineData("{}", "application/json", 422)]
    [InlineData("{\"metadata\":7}", "application/json", 422)]
    [InlineData("{\"metadata\":{\"name\":7}}", "application/json", 422)]
    [InlineData("{\"metadata\":{\"name\":\"a\",\"labels\":[1]}}", "application/json", 422)]
    [InlineData("{\"metadata\":{\"name\":\"a\",\"labels\":{\"a\":null}}}", "application/json", 422)]
    [InlineData("{\"metadata\":{\"name\":\"a\",\"ownerReferences\":[null,3,{}]}}", "application/json", 422)]
    [InlineData("{\"metadata\":{\"name\":\"a\",\"finalizers\":{\"a\":1}}}", "application/json", 422)]
    public async Task Bad_bodies_are_refused_with_a_reason_and_never_a_failure_of_the_server(string body, string type, int code) =>
        (await Api.PostAsync("/api/v1/namespaces/default/configmaps", body, type)).Expect(code);

    [Fact]
    public async Task Very_deep_and_very_large_bodies_are_refused()
    {
        string deep = $$"""{"metadata":{"name":"a"},"data":{{string.Concat(Enumerable.Repeat("[", 100_000))}}""";
        (await Api.PostAsync("/api/v1/namespaces/default/configmaps", deep)).Expect(400);
        (await Api.PostAsync("/api/v1/namespaces/default/configmaps", new string(' ', 4 << 20))).Expect(413);
    }

    [Fact]
    public async Task Yaml_is_read_and_written()
    {
        string space = await server.NamespaceAsync();
        (await Api.PostAsync($"/api/v1/namespaces/{space}/configmaps", "metadata:\n  name: from-yaml\ndata:\n  a: \"true\"\n", "application/yaml")).Expect(201);
        Answer read = await Api.GetAsync($"/api/v1/namespaces/{space}/configmaps/from-yaml", "application/yaml");
        Assert.Equal("application/yaml", read.ContentType);
        Assert.Contains("\n  name: from-yaml\n", read.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_and_repeated_fields_are_dropped_warned_of_or_refused_as_the_client_chooses()
    {
        string space = await server.NamespaceAsync();
        string path = $"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies";
        string Body(string name) => $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{"selector":"a=='1'","selector":"all()","ingres":[]}}""";
        Answer warned = (await Api.PostAsync(path, Body("a"))).Expect(201);
        Assert.Equal(["299 - \"duplicate field \\\"spec.selector\\\"\"", "299 - \"unknown field \\\"spec.ingres\\\"\""], warned.Warnings);
        Assert.Equal("all()", (string?)warned.Json["spec"]!["selector"]);
        Assert.Null(warned.Json["spec"]!["ingres"]);
        Assert.Empty((await Api.PostAsync($"{path}?fieldValidation=Ignore", Body("b"))).Expect(201).Warnings);
        Answer strict = (await Api.PostAsync($"{path}?fieldValidation=Strict", Body("c"))).Expect(400, "BadRequest");
        Assert.Equal("NetworkPolicy in version \"v3\" cannot be handled as a NetworkPolicy: strict decoding error: "
            + "duplicate field \"spec.selector\", unknown field \"spec.ingres\"", strict.Message);
        (await Api.PostAsync($"{path}?fieldValidation=Maybe", Body("d"))).Expect(400);
    }

    [Fact]
    public async Task Defaults_are_filled_in_and_what_an_object_means_is_checked()
    {
        string space = await server.NamespaceAsync();
        Answer policy = (await Api.PostAsync($"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies",
            """{"metadata":{"name":"p"},"spec":{"selector":"all()","egress":[{"action":"Allow"}]}}""")).Expect(201);
        Assert.Equal("""["Egress"]""", policy.Json["spec"]!["types"]!.ToJsonString());
        Answer kube = (await Api.PostAsync($"/apis/networking.k8s.io/v1/namespaces/{space}/networkpolicies",
            """{"metadata":{"name":"p"},"spec":{"podSelector":{},"ingress":[{"ports":[{"port":80}]}]}}""")).Expect(201);
        Assert.Equal("""["Ingress"]""", kube.Json["spec"]!["policyTypes"]!.ToJsonString());
        Assert.Equal("TCP", (string?)kube.Json["spec"]!["ingress"]![0]!["ports"]![0]!["protocol"]);
        Answer refused = (await Api.PostAsync($"/apis/projectcalico.org/v3/namespaces/{space}/networkpolicies",
            """{"metadata":{"name":"q"},"spec":{"selector":"a ==","ingress":[{"action":"Allow","source":{"nets":["10.0.0.0/40"]}}]}}""")).Expect(422);
        Assert.Contains("spec.selector: FieldValueInvalid", refused.Causes);
        Assert.Contains("spec.ingress[0].source.nets[0]: FieldValueInvalid", refused.Causes);
    }

    [Fact]
    public async Task Protobuf_answers_are_refused_unless_something_else_is_accepted_too()
    {
        (await Api.GetAsync("/api/v1/namespaces/default", "application/vnd.kubernetes.protobuf")).Expect(406, "NotAcceptable");
        (await Api.GetAsync("/api/v1/namespaces/default", "application/vnd.kubernetes.protobuf,application/json")).Expect(200);
    }

    [Fact]
    public async Task Paths_that_lead_nowhere_and_methods_that_do_not_fit_get_a_status()
    {
        foreach (string path in (string[])["/", "/nothing", "/api", "/api/v1/", "/api/v2/pods", "/apis/no.group/v1/pods", "/api/v1/unicorns",
            "/api/v1/pods/a", "/api/v1/namespaces/default/nodes/a", "/api/v1/namespaces/default/pods/a/log", "/apis/projectcalico.org/v3/tiers/default/x"])
        {
            Answer answer = await Api.PostAsync(path, "{}");
            Assert.True(answer.Code is 404 or 405, $"{path}: {answer.Code}");
            answer.Expect(answer.Code);
        }
        (await Api.PostAsync("/api/v1/configmaps", "{}")).Expect(405, "MethodNotAllowed");
        (await Api.PutAsync("/api/v1/namespaces/default/configmaps", "{}")).Expect(405, "MethodNotAllowed");
        (await Api.PostAsync("/api/v1/namespaces/default/configmaps/a", "{}")).Expect(405, "MethodNotAllowed");
    }
}
