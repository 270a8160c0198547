using System.Net;
using System.Text;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Xunit;

namespace Margay.Model.Tests.Datastore;

public sealed class KubeClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_are_read_to_the_end()
    {
        using var server = new Server(request => request.RequestUri!.Query switch
        {
            "?labelSelector=a%3Db&limit=500" => Json("""{"metadata":{"resourceVersion":"7","continue":"t/1"},"items":[{"metadata":{"name":"a"}}]}"""),
            "?labelSelector=a%3Db&limit=500&continue=t%2F1" => Json("""{"metadata":{"resourceVersion":"7"},"items":[{"metadata":{"name":"b"}}]}"""),
            _ => new HttpResponseMessage(HttpStatusCode.InternalServerError),
        });

        var list = await server.Client.ListAsync(KindRegistry.Of<Pod>(), new Scope("ns", "a=b"), Stop);

        Assert.Equal(["a", "b"], list.Items.Select(item => item.Metadata.Name));
        Assert.Equal("7", list.ResourceVersion);
        Assert.All(list.Items, item => Assert.Equal("Pod", item.Kind));
        Assert.All(server.Requests, path => Assert.StartsWith("/api/v1/namespaces/ns/pods?", path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_expired_leads_to_one_whole_list()
    {
        using var server = new Server(request => request.RequestUri!.Query switch
        {
            "?limit=500" => Json("""{"metadata":{"resourceVersion":"7","continue":"t"},"items":[{"metadata":{"name":"a"}}]}"""),
            "" => Json("""{"metadata":{"resourceVersion":"9"},"items":[{"metadata":{"name":"c"}}]}"""),
            _ => Json("""{"kind":"Status","status":"Failure","reason":"Expired","message":"old","code":410}""", HttpStatusCode.Gone),
        });

        var list = await server.Client.ListAsync(KindRegistry.Of<Tier>(), default, Stop);

        Assert.Equal(["c"], list.Items.Select(item => item.Metadata.Name));
        Assert.Equal("9", list.ResourceVersion);
    }

    [Fact]
    public async Task Refusals_carry_the_servers_status()
    {
        using var server = new Server(_ => Json(
            """{"kind":"Status","status":"Failure","reason":"Invalid","message":"bad","code":422,"details":{"causes":[{"reason":"FieldValueInvalid","field":"spec.cidr","message":"no"}]}}""",
            HttpStatusCode.UnprocessableEntity));

        var error = await Assert.ThrowsAsync<ApiException>(() => server.Client.CreateAsync(new IPPool { Metadata = { Name = "p" } }, Stop));

        Assert.True(error.IsInvalid);
        Assert.Equal("spec.cidr", error.Status.Details!.Causes![0].Field);
    }

    [Fact]
    public async Task An_answer_that_is_no_status_still_has_its_code()
    {
        using var server = new Server(_ => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("<html>") });

        var error = await Assert.ThrowsAsync<ApiException>(() => server.Client.GetAsync<Tier>(null, "t", Stop));

        Assert.Equal(502, error.Status.Code);
    }

    [Fact]
    public async Task Deleting_sends_the_preconditions()
    {
        string? body = null;
        using var server = new Server(request =>
        {
            body = request.Content!.ReadAsStringAsync(Stop).GetAwaiter().GetResult();
            return Json("{}");
        });

        await server.Client.DeleteAsync<Tier>(null, "t", new Preconditions("u", "5"), Stop);

        Assert.Equal("""{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"u","resourceVersion":"5"}}""", body);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10000)]
    public async Task Watch_events_are_read_however_the_bytes_are_cut(int chunk)
    {
        string lines = """
            {"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"é","resourceVersion":"5"},"spec":{"volumes":[{"a":[1,{"b":null}]}]}}}
            {"object":{"metadata":{"name":"b","resourceVersion":"6"}},"type":"MODIFIED","more":{"x":[]}}
            {"type":"DELETED","object":{"metadata":{"name":"b","resourceVersion":"7"}}}
            {"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"8"}}}

            """.ReplaceLineEndings("\n");
        using var server = new Server(_ => new HttpResponseMessage { Content = new StreamContent(new Chunks(Encoding.UTF8.GetBytes(lines), chunk)) });

        var seen = new List<string>();
        await foreach (var events in server.Client.WatchAsync(KindRegistry.Of<Pod>(), new Scope(FieldSelector: "spec.nodeName=n"), "4", Stop))
            seen.AddRange(events.Select(e => $"{e.Type} {e.Value.Metadata.Name} {e.Value.Metadata.ResourceVersion}"));

        Assert.Equal(["Added é 5", "Modified b 6", "Deleted b 7", "Bookmark  8"], seen);
        Assert.Contains("resourceVersion=4&fieldSelector=spec.nodeName%3Dn", server.Requests[0], StringComparison.Ordinal);
        Assert.Contains("allowWatchBookmarks=true", server.Requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_event_ends_the_watch_as_an_exception()
    {
        using var server = new Server(_ => Json("""{"type":"ERROR","object":{"kind":"Status","reason":"Expired","code":410,"message":"too old"}}""" + "\n"));

        var watch = server.Client.WatchAsync(KindRegistry.Of<Pod>(), default, "4", Stop).GetAsyncEnumerator(Stop);

        Assert.True((await Assert.ThrowsAsync<ApiException>(async () => await watch.MoveNextAsync())).IsGone);
    }

    private static HttpResponseMessage Json(string json, HttpStatusCode code = HttpStatusCode.OK) =>
        new(code) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private sealed class Server : HttpMessageHandler
    {
        private readonly Func<HttpRequestMessage, HttpResponseMessage> _answer;

        public Server(Func<HttpRequestMessage, HttpResponseMessage> answer)
        {
            _answer = answer;
            Client = new KubeClient(new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://server") });
        }

        public KubeClient Client { get; }

        public List<string> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request.RequestUri!.PathAndQuery);
            return Task.FromResult(_answer(request));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                Client.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Chunks(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
