using System.Text.Json.Nodes;

namespace Margay.ApiServer.Tests.Durability;

/// <summary>Follows a collection across restarts from the last version it saw, and checks that every change fits on the one before.</summary>
internal sealed class KilledWatcher(ApiClient api, string collection, Func<Task> serving)
{
    private readonly SortedDictionary<string, string> _seen = new(StringComparer.Ordinal);
    private long _last;

    public IReadOnlyCollection<string> Objects => _seen.Values;

    /// <summary>Runs until an object called "end" appears.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        // Writers may have been faster than this list: what it holds is known before the first change.
        await serving();
        var list = (await api.GetAsync(collection)).Expect(200);
        _last = long.Parse(list.Version);
        foreach (JsonNode? item in list.Json["items"]!.AsArray())
            _seen[(string)item!["metadata"]!["name"]!] = item.ToJsonString();
        while (!_seen.ContainsKey("end"))
        {
            await serving();
            try
            {
                await foreach (JsonObject change in api.WatchAsync($"{collection}?watch=1&allowWatchBookmarks=1&resourceVersion={_last}", stop))
                {
                    Take(change);
                    if (_seen.ContainsKey("end")) break;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Text.Json.JsonException
                || (e is InvalidOperationException && e.Message.StartsWith("503", StringComparison.Ordinal)))
            {
                // Killed in the middle of a line, or not there yet: the next watch goes on from the last whole change.
                continue;
            }
        }
    }

    private void Take(JsonObject change)
    {
        string type = (string)change["type"]!;
        long version = long.Parse((string)change["object"]!["metadata"]!["resourceVersion"]!);
        Assert.True(type == "BOOKMARK" ? version >= _last : version > _last, $"{type} {version} came after {_last}");
        _last = version;
        if (type == "BOOKMARK") return;
        string name = (string)change["object"]!["metadata"]!["name"]!;
        Assert.True(type is "ADDED" or "MODIFIED" or "DELETED", change.ToJsonString());
        Assert.Equal(type != "ADDED", _seen.ContainsKey(name));
        if (type == "DELETED") _seen.Remove(name);
        else _seen[name] = change["object"]!.ToJsonString();
    }
}
