using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Relay;

/// <summary>The API server's lists and watches as JSON trees, nothing dropped that our types do not have.</summary>
internal sealed class Upstream(HttpClient http)
{
    private const int PageSize = 500;
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    // The API server sends a bookmark about every minute, a busy one every second.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(7);

    /// <summary>All objects of a kind at one version.</summary>
    /// <returns>The objects and the version; null when the server has no such kind.</returns>
    public async Task<(List<JsonObject> Items, long Version)?> ListAsync(ServedKind kind, CancellationToken stop)
    {
        var items = new List<JsonObject>();
        string next = "";
        while (true)
        {
            string query = $"?limit={PageSize}" + (next.Length > 0 ? $"&continue={Uri.EscapeDataString(next)}" : "");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(CallLimit);
            using HttpResponseMessage response = await SendAsync(kind, query, limit.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(limit.Token);
            var page = (JsonObject)DocumentParser.Parse(body)!;
            if ((int)response.StatusCode == 404) return null;
            if (!response.IsSuccessStatusCode) throw Failure(page, (int)response.StatusCode);
            foreach (JsonObject item in (page.List("items") ?? []).OfType<JsonObject>().ToArray()) items.Add((JsonObject)item.DeepClone());
            next = page.Child("metadata").Text("continue");
            if (next.Length == 0) return (items, KindCache.Version(page.Child("metadata")));
        }
    }

    /// <summary>The events after a version, as many at once as arrived together.</summary>
    public async IAsyncEnumerable<List<JsonObject>> WatchAsync(ServedKind kind, long version, [EnumeratorCancellation] CancellationToken stop)
    {
        int seconds = Random.Shared.Next(300, 600);
        string query = $"?watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}&resourceVersion={version}";
        using HttpResponseMessage response = await SendAsync(kind, query, stop);
        if (!response.IsSuccessStatusCode)
            throw Failure(DocumentParser.Parse(await response.Content.ReadAsByteArrayAsync(stop)) as JsonObject, (int)response.StatusCode);
        var pipe = PipeReader.Create(await response.Content.ReadAsStreamAsync(stop), new StreamPipeReaderOptions(bufferSize: 65536));
        while (true)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(stop);
            silence.CancelAfter(SilenceLimit);
            ReadResult read = await pipe.ReadAsync(silence.Token);
            ReadOnlySequence<byte> rest = read.Buffer;
            var events = new List<JsonObject>();
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                events.Add(Event(rest.Slice(0, end).ToArray()));
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            pipe.AdvanceTo(rest.Start, rest.End);
            if (events.Count > 0) yield return events;
            if (read.IsCompleted) break;
        }
        await pipe.CompleteAsync();
    }

    private static JsonObject Event(byte[] line)
    {
        var change = (JsonObject)DocumentParser.Parse(line)!;
        return change.Text("type") == "ERROR" ? throw Failure(change.Child("object"), 500) : change;
    }

    private static ApiException Failure(JsonObject? status, int code) => new(
        (int)(status.Whole("code") ?? code), status.Text("reason"), $"the API server says: {status.Text("message")}");

    private async Task<HttpResponseMessage> SendAsync(ServedKind kind, string query, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{kind.GroupPath}/{kind.Plural}{query}")
        {
            // All kinds on one connection.
            Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }
}
