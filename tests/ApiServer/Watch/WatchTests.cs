using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Watch;

public sealed class WatchTests(TestServer server)
{
    private ApiClient Api => server.Client;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Line(JsonObject e) => $"{e["type"]} {e["object"]!["metadata"]!["name"]}";

    private static long Version(JsonObject e) => long.Parse((string)e["object"]!["metadata"]!["resourceVersion"]!);

    private async Task<List<JsonObject>> TakeAsync(string path, int count)
    {
        var events = new List<JsonObject>();
        await foreach (JsonObject change in Api.WatchAsync(path, Stop))
        {
            events.Add(change);
            if (events.Count == count) break;
        }
        return events;
    }

    private async Task<string> PathAsync() => $"/api/v1/namespaces/{await server.NamespaceAsync()}/configmaps";

    private Task<Answer> MakeAsync(string path, string name, string label = "a") =>
        Api.PostAsync(path, $$$$"""{"metadata":{"name":"{{{{name}}}}","labels":{"l":"{{{{label}}}}"}}}""");

    [Fact]
    public async Task Changes_after_a_version_come_in_order_and_a_deletion_carries_the_version_of_the_end()
    {
        string path = await PathAsync();
        string from = (await Api.GetAsync(path)).Version;
        (await MakeAsync(path, "one")).Expect(201);
        Answer changed = (await Api.PatchAsync($"{path}/one", """{"data":{"a":"b"}}""")).Expect(200);
        (await Api.DeleteAsync($"{path}/one")).Expect(200);
        List<JsonObject> events = await TakeAsync($"{path}?watch=true&resourceVersion={from}", 3);
        Assert.Equal(["ADDED one", "MODIFIED one", "DELETED one"], events.Select(Line));
        Assert.Equal(changed.Version, $"{Version(events[1])}");
        Assert.True(Version(events[2]) > Version(events[1]));
        Assert.Equal("b", (string?)events[2]["object"]!["data"]!["a"]);
    }

    [Fact]
    public async Task Without_a_version_the_present_state_comes_first()
    {
        string path = await PathAsync();
        (await MakeAsync(path, "one")).Expect(201);
        Assert.Equal(["ADDED one"], (await TakeAsync($"{path}?watch=1", 1)).Select(Line));
        Assert.Equal(["ADDED one"], (await TakeAsync($"{path}?watch=1&resourceVersion=0", 1)).Select(Line));
    }

    [Fact]
    public async Task A_streamed_list_ends_with_a_bookmark_that_says_so()
    {
        string path = await PathAsync();
        (await MakeAsync(path, "one")).Expect(201);
        (await MakeAsync(path, "two")).Expect(201);
        List<JsonObject> events = await TakeAsync(
            $"{path}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", 3);
        Assert.Equal(["ADDED one", "ADDED two"], events.Take(2).Select(Line));
        Assert.Equal("BOOKMARK", (string?)events[2]["type"]);
        Assert.Equal("true", (string?)events[2]["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        Assert.True(Version(events[2]) >= Version(events[1]));
    }

    [Fact]
    public async Task A_quiet_watch_is_told_how_far_it_is()
    {
        string path = await PathAsync();
        string from = (await Api.GetAsync(path)).Version;
        Answer elsewhere = (await MakeAsync(await PathAsync(), "other")).Expect(201);
        await foreach (JsonObject told in Api.WatchAsync($"{path}?watch=1&allowWatchBookmarks=true&resourceVersion={from}", Stop))
        {
            Assert.Equal("BOOKMARK", (string?)told["type"]);
            if (Version(told) >= long.Parse(elsewhere.Version)) return;
        }
        Assert.Fail("the watch ended");
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        string path = await PathAsync();
        await foreach (JsonObject change in Api.WatchAsync($"{path}?watch=1&timeoutSeconds=1", Stop)) Assert.Fail(change.ToJsonString());
    }

    [Fact]
    public async Task An_object_that_comes_into_a_selection_is_added_and_one_that_leaves_it_is_deleted()
    {
        string path = await PathAsync();
        string from = (await MakeAsync(path, "one", "b")).Expect(201).Version;
        (await Api.PatchAsync($"{path}/one", """{"metadata":{"labels":{"l":"a"}}}""")).Expect(200);
        (await Api.PatchAsync($"{path}/one", """{"data":{"x":"y"}}""")).Expect(200);
        (await Api.PatchAsync($"{path}/one", """{"metadata":{"labels":{"l":"c"}}}""")).Expect(200);
        (await Api.DeleteAsync($"{path}/one")).Expect(200);
        (await MakeAsync(path, "two")).Expect(201);
        List<JsonObject> events = await TakeAsync($"{path}?watch=1&labelSelector=l%3Da&resourceVersion={from}", 4);
        Assert.Equal(["ADDED one", "MODIFIED one", "DELETED one", "ADDED two"], events.Select(Line));
        Assert.Equal("a", (string?)events[2]["object"]!["metadata"]!["labels"]!["l"]);
    }

    [Fact]
    public async Task One_object_can_be_watched_by_name()
    {
        string path = await PathAsync();
        string from = (await MakeAsync(path, "one")).Expect(201).Version;
        (await MakeAsync(path, "one-more")).Expect(201);
        (await Api.DeleteAsync($"{path}/one")).Expect(200);
        Assert.Equal(["DELETED one"], (await TakeAsync($"{path}?watch=1&fieldSelector=metadata.name%3Done&resourceVersion={from}", 1)).Select(Line));
        Assert.Equal(["ADDED one-more"], (await TakeAsync($"{path}/one-more?watch=1", 1)).Select(Line));
    }

    [Fact]
    public async Task A_version_that_is_forgotten_is_gone_for_watches_lists_and_continued_lists()
    {
        await using var small = new TestServer { RetainEvents = 20 };
        await small.InitializeAsync();
        const string Path = "/api/v1/namespaces/default/configmaps";
        (await small.Client.PostAsync(Path, """{"metadata":{"name":"c"}}""")).Expect(201);
        (await small.Client.PostAsync(Path, """{"metadata":{"name":"d"}}""")).Expect(201);
        Answer start = await small.Client.GetAsync($"{Path}?limit=1");
        for (int i = 0; i < 300; i++) (await small.Client.PatchAsync($"{Path}/c", $$$$"""{"data":{"n":"{{{{i}}}}"}}""")).Expect(200);
        (await small.Client.GetAsync($"{Path}?watch=1&resourceVersion={start.Version}")).Expect(410, "Expired");
        (await small.Client.GetAsync($"{Path}?resourceVersion={start.Version}&resourceVersionMatch=Exact")).Expect(410, "Expired");
        (await small.Client.GetAsync($"{Path}?limit=1&continue={start.Metadata["continue"]}")).Expect(410, "Expired");
    }

    [Fact]
    public async Task A_list_and_the_changes_after_it_are_the_state_for_every_watcher_under_concurrent_writers()
    {
        string path = await PathAsync();
        Task[] writers = [.. Enumerable.Range(0, 4).Select(w => Task.Run(() => ChurnAsync(path, w), Stop))];
        Task<SortedDictionary<string, string>>[] watchers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => FollowAsync(path), Stop))];
        await Task.WhenAll(writers);
        (await MakeAsync(path, "zz-end")).Expect(201);
        foreach (SortedDictionary<string, string> seen in await Task.WhenAll(watchers))
        {
            JsonArray items = (JsonArray)(await Api.GetAsync(path)).Json["items"]!;
            Assert.Equal(items.Select(i => i!.ToJsonString()), seen.Values);
        }
    }

    private async Task ChurnAsync(string path, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 80; i++)
        {
            string name = $"o{random.Next(8)}";
            Answer answer = random.Next(3) switch
            {
                0 => await MakeAsync(path, name),
                1 => await Api.DeleteAsync($"{path}/{name}"),
                _ => await Api.PatchAsync($"{path}/{name}", $$$$"""{"data":{"n":"{{{{random.Next()}}}}"}}"""),
            };
            Assert.True(answer.Code is 200 or 201 or 404 or 409, answer.Text);
        }
    }

    private async Task<SortedDictionary<string, string>> FollowAsync(string path)
    {
        var seen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Answer list = (await Api.GetAsync(path)).Expect(200);
        foreach (JsonNode? item in (JsonArray)list.Json["items"]!) seen[(string)item!["metadata"]!["name"]!] = item.ToJsonString();
        long last = long.Parse(list.Version);
        await foreach (JsonObject change in Api.WatchAsync($"{path}?watch=1&resourceVersion={last}", Stop))
        {
            string name = (string)change["object"]!["metadata"]!["name"]!;
            Assert.True(Version(change) > last, $"{Version(change)} came after {last}");
            last = Version(change);
            string type = (string)change["type"]!;
            Assert.Equal(type != "ADDED", seen.ContainsKey(name));
            if (type == "DELETED") seen.Remove(name);
            else seen[name] = change["object"]!.ToJsonString();
            if (name == "zz-end") return seen;
        }
        throw new InvalidOperationException("the watch ended early");
    }
}
