using System.Text.Json.Nodes;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Tests.Relay;

public sealed class RelayTests : IAsyncLifetime
{
    private const string Collection = "/api/v1/namespaces/default/configmaps";

    private readonly TestServer _server = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ApiClient Api => _server.Client;

    private string Data => Path.GetDirectoryName(_server.Pki)!;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Clients_see_byte_for_byte_what_they_would_see_at_the_API_server(int seed)
    {
        await using TestRelay relay = await TestRelay.StartAsync(_server.Host.Address, Data);
        using ApiClient client = relay.Client();
        string version = (await client.GetAsync(Collection)).Expect(200).Version;
        string path = $"{Collection}?watch=1&allowWatchBookmarks=1&labelSelector=on%3Dyes&resourceVersion=";
        Task<List<string>> direct = EventsAsync(Api, path + version), relayed = EventsAsync(client, path + version);
        await WriteAsync(new Random(seed), 120);
        await EndAsync();
        Assert.Equal(await direct, await relayed);
        Assert.Equal(await ListAsync(Api, Collection), await ListAsync(client, Collection));
        Assert.Equal(await ListAsync(Api, "/apis/projectcalico.org/v3/tiers"), await ListAsync(client, "/apis/projectcalico.org/v3/tiers"));
    }

    [Fact]
    public async Task A_watch_may_begin_with_the_state()
    {
        await PutAsync("one", "1");
        await using TestRelay relay = await TestRelay.StartAsync(_server.Host.Address, Data);
        using ApiClient client = relay.Client();
        string path = $"{Collection}?watch=1&allowWatchBookmarks=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
        var told = new List<string>();
        await foreach (JsonObject change in client.WatchAsync(path, Stop))
        {
            told.Add($"{change["type"]} {change["object"]!["metadata"]!["name"]}");
            if (change["object"]!["metadata"]!["annotations"]?["k8s.io/initial-events-end"] is not null) await EndAsync();
            if (told[^1] == "ADDED end") break;
        }
        Assert.Equal(["ADDED one", "ADDED end"], told.Where(t => t.StartsWith("ADDED", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Clients_do_not_notice_that_the_API_server_was_away()
    {
        using var wire = new Wire(_server.Host.Address);
        await using TestRelay relay = await TestRelay.StartAsync(wire.Address, Data);
        using ApiClient client = relay.Client();
        string version = (await client.GetAsync(Collection)).Version;
        Task<List<string>> events = EventsAsync(client, $"{Collection}?watch=1&resourceVersion={version}");
        for (int i = 0; i < 5; i++)
        {
            await PutAsync($"before-{i}", "x");
            wire.Cut();
            await PutAsync($"during-{i}", "x");
            wire.Mend();
        }
        await EndAsync();
        Assert.Equal(11, (await events).Count);
    }

    [Fact]
    public async Task When_the_API_server_has_forgotten_the_changes_in_between_clients_are_told_to_list_again()
    {
        await using var forgetful = new TestServer { RetainEvents = 10 };
        await forgetful.InitializeAsync();
        using var wire = new Wire(forgetful.Host.Address);
        await using TestRelay relay = await TestRelay.StartAsync(wire.Address, Path.GetDirectoryName(forgetful.Pki)!);
        using ApiClient client = relay.Client();
        await PutAsync(forgetful.Client, "gone", "x");
        string version = (await client.GetAsync(Collection)).Version;
        Task<List<string>> events = EventsAsync(client, $"{Collection}?watch=1&resourceVersion={version}");
        wire.Cut();
        (await forgetful.Client.DeleteAsync($"{Collection}/gone")).Expect(200);
        for (int i = 0; i < 150; i++) await PutAsync(forgetful.Client, "busy", $"{i}");
        wire.Mend();
        Assert.Contains("\"code\":410", (await events)[^1], StringComparison.Ordinal);
        Assert.Equal(await ListAsync(forgetful.Client, Collection), await ListAsync(client, Collection));
    }

    [Fact]
    public async Task After_a_relay_was_started_again_its_clients_go_on()
    {
        int port;
        string version;
        await using (TestRelay first = await TestRelay.StartAsync(_server.Host.Address, Data))
        {
            port = new Uri(first.Host.Address).Port;
            using ApiClient client = first.Client();
            version = (await client.GetAsync(Collection)).Version;
        }
        await PutAsync("between", "x");
        await using TestRelay second = await TestRelay.StartAsync(_server.Host.Address, Data, port: port);
        using ApiClient again = second.Client();
        // What happened before the relay began is not known to it.
        Assert.Equal(410, (await again.GetAsync($"{Collection}?watch=1&resourceVersion={version}")).Code);
        version = (await again.GetAsync(Collection)).Expect(200).Version;
        Task<List<string>> events = EventsAsync(again, $"{Collection}?watch=1&resourceVersion={version}");
        await EndAsync();
        Assert.Single(await events);
    }

    [Fact]
    public async Task A_client_that_is_too_slow_is_told_so_while_others_go_on()
    {
        await using TestRelay relay = await TestRelay.StartAsync(_server.Host.Address, Data, backlog: 4);
        using ApiClient slow = relay.Client(), quick = relay.Client(), asks = relay.Client("system:nodes");
        string version = (await quick.GetAsync(Collection)).Version;
        string path = $"{Collection}?watch=1&resourceVersion={version}";
        await using IAsyncEnumerator<JsonObject> reader = slow.WatchAsync(path, Stop).GetAsyncEnumerator(Stop);
        await PutAsync("first", "x");
        Assert.True(await reader.MoveNextAsync());
        // More than all buffers between the two hold.
        var large = new string('x', 800_000);
        await using IAsyncEnumerator<JsonObject> good = quick.WatchAsync(path, Stop).GetAsyncEnumerator(Stop);
        Assert.True(await good.MoveNextAsync());
        for (int i = 0; i < 60; i++)
        {
            await PutAsync("large", $"{i}{large}");
            Assert.True(await good.MoveNextAsync());
            Assert.Equal("large", (string)good.Current["object"]!["metadata"]!["name"]!);
        }
        JsonObject last = reader.Current;
        while (await reader.MoveNextAsync()) last = reader.Current;
        Assert.Equal("ERROR", (string)last["type"]!);
        Assert.Equal(410, (int)last["object"]!["code"]!);
        Assert.Contains("more slowly than they came", (string)last["object"]!["message"]!, StringComparison.Ordinal);
        Assert.Contains("typha_connections_dropped 1", (await asks.GetAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_members_of_the_groups_with_a_certificate_of_the_cluster_read_and_nobody_writes()
    {
        await using TestRelay relay = await TestRelay.StartAsync(_server.Host.Address, Data);
        DirectoryInfo other = Directory.CreateTempSubdirectory("margay-relay-other-");
        CertificateAuthority.Open(other.FullName, TimeProvider.System);
        using ApiClient node = relay.Client(), stranger = relay.Client(authority: other.FullName), guest = relay.Client("guests"), nobody = relay.Nobody();
        (await node.GetAsync(Collection)).Expect(200);
        (await stranger.GetAsync(Collection)).Expect(401);
        (await nobody.GetAsync(Collection)).Expect(401);
        (await guest.GetAsync(Collection)).Expect(403, "Forbidden");
        foreach (Answer refused in (Answer[])
            [await node.PostAsync(Collection, "{}"), await node.GetAsync($"{Collection}/one"), await node.DeleteAsync($"{Collection}/one")])
            Assert.Contains("send this to the API server at https://", refused.Expect(405, "MethodNotAllowed").Message, StringComparison.Ordinal);
        Assert.Contains("not relayed", (await node.GetAsync("/api/v1/pods")).Expect(404).Message, StringComparison.Ordinal);
        (await node.GetAsync($"{Collection}?resourceVersion=999999999")).Expect(504);
        other.Delete(recursive: true);
    }

    private async Task WriteAsync(Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string name = $"o{random.Next(6)}";
            if (random.Next(4) == 0) await Api.DeleteAsync($"{Collection}/{name}");
            else await PutAsync(name, $"{random.Next()} é <&> \\u2028", random.Next(2) == 0 ? "yes" : "no");
        }
    }

    private Task PutAsync(string name, string value, string on = "yes") => PutAsync(Api, name, value, on);

    private static async Task PutAsync(ApiClient api, string name, string value, string on = "yes")
    {
        string body = $$$"""{"metadata":{"name":"{{{name}}}","labels":{"on":"{{{on}}}"}},"data":{"v":"{{{value}}}"}}""";
        if ((await api.PutAsync($"{Collection}/{name}", body)).Code is 404 or 409) (await api.PostAsync(Collection, body)).Expect(201);
    }

    private Task EndAsync() => PutAsync("end", "");

    /// <summary>The events up to the object called "end", or up to the end of the watch.</summary>
    private static async Task<List<string>> EventsAsync(ApiClient client, string path)
    {
        var events = new List<string>();
        await foreach (JsonObject change in client.WatchAsync(path, Stop))
        {
            if ((string)change["type"]! == "BOOKMARK") continue;
            events.Add($"{change["type"]} {change["object"]!.ToJsonString()}");
            if ((string?)change["object"]!["metadata"]?["name"] == "end") break;
        }
        return events;
    }

    /// <summary>The items of a list, once the relay has everything that was written.</summary>
    private static async Task<string> ListAsync(ApiClient client, string path) => (await client.GetAsync(path)).Expect(200).Json["items"]!.ToJsonString();
}
