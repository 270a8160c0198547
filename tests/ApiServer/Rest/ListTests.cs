using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Rest;

public sealed class ListTests(TestServer server)
{
    private ApiClient Api => server.Client;

    private async Task<string> FilledAsync(int count)
    {
        string path = $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";
        for (int i = 0; i < count; i++)
            (await Api.PostAsync(path, $$$$"""{"metadata":{"name":"c{{{{i:00}}}}","labels":{"even":"{{{{(i % 2 == 0 ? "yes" : "no")}}}}","n":"{{{{i}}}}"}}}""")).Expect(201);
        return path;
    }

    [Fact]
    public async Task Parts_of_a_list_are_one_state_and_say_how_much_remains()
    {
        string path = await FilledAsync(7);
        Answer first = (await Api.GetAsync($"{path}?limit=3")).Expect(200);
        Assert.Equal(["c00", "c01", "c02"], first.Names);
        Assert.Equal(4, (int?)first.Metadata["remainingItemCount"]);
        (await Api.DeleteAsync($"{path}/c04")).Expect(200);
        (await Api.PostAsync(path, """{"metadata":{"name":"c045"}}""")).Expect(201);
        Answer second = (await Api.GetAsync($"{path}?limit=3&continue={first.Metadata["continue"]}")).Expect(200);
        Assert.Equal(["c03", "c04", "c05"], second.Names);
        Assert.Equal(first.Version, second.Version);
        Answer third = (await Api.GetAsync($"{path}?limit=3&continue={second.Metadata["continue"]}")).Expect(200);
        Assert.Equal(["c06"], third.Names);
        Assert.Null(third.Metadata["continue"]);
    }

    [Theory]
    [InlineData("even=yes", "c00 c02 c04")]
    [InlineData("even==yes,n!=2", "c00 c04")]
    [InlineData("n in (1, 3),even", "c01 c03")]
    [InlineData("n notin (0,1,2,3)", "c04")]
    [InlineData("!even", "")]
    [InlineData("n>2", "c03 c04")]
    [InlineData("n<1", "c00")]
    public async Task Labels_select(string selector, string expected)
    {
        string path = await FilledAsync(5);
        Answer list = (await Api.GetAsync($"{path}?labelSelector={Uri.EscapeDataString(selector)}")).Expect(200);
        Assert.Equal(expected, string.Join(' ', list.Names));
        Answer limited = (await Api.GetAsync($"{path}?limit=1&labelSelector={Uri.EscapeDataString(selector)}")).Expect(200);
        Assert.Equal(expected.Split(' ')[0], string.Join(' ', limited.Names));
    }

    [Fact]
    public async Task Fields_select_where_a_kind_has_them()
    {
        string path = await FilledAsync(3);
        Assert.Equal(["c01"], (await Api.GetAsync($"{path}?fieldSelector=metadata.name%3Dc01")).Names);
        Assert.Equal(["c00", "c02"], (await Api.GetAsync($"{path}?fieldSelector=metadata.name!%3Dc01")).Names);
        Answer refused = (await Api.GetAsync($"{path}?fieldSelector=data.x%3D1")).Expect(400);
        Assert.Contains("field label not supported: data.x", refused.Message, StringComparison.Ordinal);
        string space = await server.NamespaceAsync();
        string pods = $"/api/v1/namespaces/{space}/pods";
        (await Api.PostAsync(pods, """{"metadata":{"name":"a"},"spec":{"nodeName":"n1","containers":[{"name":"c"}]}}""")).Expect(201);
        (await Api.PostAsync(pods, """{"metadata":{"name":"b"},"spec":{"containers":[{"name":"c"}]}}""")).Expect(201);
        Assert.Equal(["a"], (await Api.GetAsync($"{pods}?fieldSelector=spec.nodeName%3Dn1,status.phase%3DPending")).Names);
        Assert.Equal(["b"], (await Api.GetAsync($"{pods}?fieldSelector=spec.nodeName%3D")).Names);
        Assert.Equal(["a"], (await Api.GetAsync($"/api/v1/pods?fieldSelector=metadata.namespace%3D{space},spec.nodeName%3Dn1")).Names);
    }

    [Theory]
    [InlineData("labelSelector=a in", 400)]
    [InlineData("labelSelector=%3D", 400)]
    [InlineData("labelSelector=a(b", 400)]
    [InlineData("fieldSelector=nonsense", 400)]
    [InlineData("limit=many", 400)]
    [InlineData("continue=%21%21", 400)]
    [InlineData("continue=eyJydiI6MSwiYWZ0ZXIiOiIvY29yZS9zZWNyZXRzL2EifQ", 400)]
    [InlineData("resourceVersion=abc", 400)]
    [InlineData("resourceVersion=-1", 400)]
    [InlineData("resourceVersionMatch=Exact", 422)]
    [InlineData("resourceVersionMatch=Near&resourceVersion=1", 422)]
    [InlineData("resourceVersionMatch=Exact&resourceVersion=0", 422)]
    [InlineData("sendInitialEvents=true", 422)]
    [InlineData("watch=1&sendInitialEvents=true", 422)]
    [InlineData("watch=1&resourceVersionMatch=NotOlderThan&resourceVersion=5", 422)]
    [InlineData("watch=1&resourceVersion=999999999", 504)]
    [InlineData("resourceVersion=999999999", 504)]
    public async Task Bad_parameters_are_refused(string query, int code) => (await Api.GetAsync($"/api/v1/configmaps?{query}")).Expect(code);

    [Fact]
    public async Task A_list_at_an_exact_version_is_the_past_and_any_other_is_the_present()
    {
        string path = await FilledAsync(2);
        string then = (await Api.GetAsync(path)).Version;
        (await Api.DeleteAsync($"{path}/c00")).Expect(200);
        Assert.Equal(["c00", "c01"], (await Api.GetAsync($"{path}?resourceVersion={then}&resourceVersionMatch=Exact")).Names);
        Assert.Equal(["c01"], (await Api.GetAsync($"{path}?resourceVersion={then}&resourceVersionMatch=NotOlderThan")).Names);
        Assert.Equal(["c01"], (await Api.GetAsync($"{path}?resourceVersion={then}")).Names);
        Assert.Equal(["c01"], (await Api.GetAsync($"{path}?resourceVersion=0")).Names);
    }

    [Fact]
    public async Task Lists_come_as_tables_and_as_metadata_too()
    {
        string path = await FilledAsync(2);
        Answer table = (await Api.GetAsync(path, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json")).Expect(200);
        Assert.Equal("Table", (string?)table.Json["kind"]);
        Assert.Equal(2, ((JsonArray)table.Json["rows"]!).Count);
        Answer partial = (await Api.GetAsync(path, "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")).Expect(200);
        Assert.Equal("PartialObjectMetadataList", (string?)partial.Json["kind"]);
    }
}
