using System.Net;
using System.Text;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Datastore;

public sealed class ClusterStoreTests : HttpMessageHandler
{
    private const string Empty = """{"metadata":{"resourceVersion":"1"},"items":[]}""";

    private readonly Dictionary<string, string> _paths = [];
    private readonly List<string> _asked = [];
    private bool _away;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Custom_resources_are_preferred_where_both_forms_are_served()
    {
        _paths["/apis/crd.projectcalico.org/v1"] = """{"resources":[{"name":"ippools"},{"name":"tiers"}]}""";
        _paths["/apis/projectcalico.org/v3"] = """{"resources":[{"name":"tiers"}]}""";
        _paths["/apis/crd.projectcalico.org/v1/tiers?limit=500"] = Empty;
        using var store = Open(DatastoreMode.Auto);
        Assert.Equal(DatastoreMode.Crd, await store.FindModeAsync(Stop));
        await store.ListAsync<Tier>(default, Stop);
        Assert.DoesNotContain("/apis/projectcalico.org/v3", _asked);
    }

    [Fact]
    public async Task Version_3_is_used_where_nothing_else_is_served()
    {
        _paths["/apis/projectcalico.org/v3"] = """{"resources":[{"name":"tiers"}]}""";
        _paths["/apis/projectcalico.org/v3/tiers?limit=500"] = Empty;
        using var store = Open(DatastoreMode.Auto);
        await store.ListAsync<Tier>(default, Stop);
        Assert.Equal(DatastoreMode.V3, await store.FindModeAsync(Stop));
    }

    [Fact]
    public async Task A_server_with_neither_is_asked_again_until_it_has_one()
    {
        using var store = Open(DatastoreMode.Auto);
        var missing = await Assert.ThrowsAsync<ApiException>(() => store.ListAsync<Tier>(default, Stop));
        Assert.Contains("apply the custom resource definitions", missing.Message, StringComparison.Ordinal);
        _paths["/apis/crd.projectcalico.org/v1"] = """{"resources":[{"name":"ippools"}]}""";
        Assert.Equal(DatastoreMode.Crd, await store.FindModeAsync(Stop));
    }

    [Fact]
    public async Task A_server_that_is_away_settles_nothing()
    {
        using var store = Open(DatastoreMode.Auto);
        _away = true;
        await Assert.ThrowsAsync<HttpRequestException>(() => store.FindModeAsync(Stop));
        _away = false;
        _paths["/apis/projectcalico.org/v3"] = """{"resources":[{"name":"tiers"}]}""";
        Assert.Equal(DatastoreMode.V3, await store.FindModeAsync(Stop));
    }

    [Fact]
    public async Task A_mode_that_is_given_is_not_asked_about()
    {
        _paths["/apis/crd.projectcalico.org/v1/tiers?limit=500"] = Empty;
        using var store = Open(DatastoreMode.Crd);
        await store.ListAsync<Tier>(default, Stop);
        Assert.Equal("/apis/crd.projectcalico.org/v1/tiers?limit=500", Assert.Single(_asked));
    }

    [Fact]
    public async Task Endpoint_slices_are_read_in_the_version_that_the_server_has()
    {
        _paths["/apis/discovery.k8s.io/v1beta1/endpointslices?limit=500"] = """
            {"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"a","namespace":"n"},"addressType":"IPv4",
             "endpoints":[{"addresses":["10.0.0.1"],"topology":{"kubernetes.io/hostname":"node-1","topology.kubernetes.io/zone":"z"} }]}]}
            """;
        using var store = Open(DatastoreMode.Crd);
        var slice = (EndpointSlice)Assert.Single((await store.ListAsync(KindRegistry.Of<EndpointSlice>(), default, Stop)).Items);
        Assert.Equal(("discovery.k8s.io/v1", "node-1", "z"), (slice.ApiVersion, slice.Endpoints[0].NodeName, slice.Endpoints[0].Zone));
        await store.ListAsync(KindRegistry.Of<EndpointSlice>(), default, Stop);
        Assert.Equal(1, _asked.Count(path => path.StartsWith("/apis/discovery.k8s.io/v1/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_kind_that_no_version_of_is_served_is_not_found()
    {
        using var store = Open(DatastoreMode.Crd);
        var missing = await Assert.ThrowsAsync<ApiException>(() => store.ListAsync(KindRegistry.Of<EndpointSlice>(), default, Stop));
        Assert.Equal(404, missing.Status.Code);
    }

    [Theory]
    [InlineData(null, DatastoreMode.Auto)]
    [InlineData("CRD", DatastoreMode.Crd)]
    [InlineData("v3", DatastoreMode.V3)]
    public void Modes_are_read_as_people_write_them(string? text, DatastoreMode mode) => Assert.Equal(mode, ClusterStore.ModeOf(text));

    [Fact]
    public void An_unknown_mode_is_refused_with_the_known_ones() =>
        Assert.Contains("auto, v3, crd", Assert.Throws<KubeConfigException>(() => ClusterStore.ModeOf("etcd")).Message, StringComparison.Ordinal);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_away)
            throw new HttpRequestException("refused");
        string path = request.RequestUri!.PathAndQuery;
        _asked.Add(path);
        return Task.FromResult(_paths.TryGetValue(path, out string? body)
            ? new HttpResponseMessage { Content = new StringContent(body, Encoding.UTF8, "application/json") }
            : new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("404 page not found") });
    }

    private ClusterStore Open(DatastoreMode mode) =>
        new(new KubeClient(new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://server") }), mode);
}
