using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Kube;

/// <summary>The Kubernetes API over HTTP.</summary>
public sealed class KubeClient : IResourceStore, IDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(30);

    // Servers send a bookmark about every minute; a watch that says less than that for long is dead.
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromMinutes(7);

    private readonly HttpClient _http;

    /// <summary>Makes a client for a server.</summary>
    /// <param name="connection">The server and our credentials.</param>
    public KubeClient(KubeConnection connection)
        : this(connection.CreateHttpClient())
    {
    }

    /// <summary>Makes a client that uses, and in the end disposes of, another's means of sending.</summary>
    /// <param name="http">Knows the server's address; without a time limit.</param>
    public KubeClient(HttpClient http) => _http = http;

    /// <inheritdoc/>
    public async Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) =>
        await ReadAsync(kind, HttpMethod.Get, kind.Path(ns, name), null, stop);

    /// <inheritdoc/>
    public async Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop)
    {
        try
        {
            return await ListAsync(kind, scope, PageSize, stop);
        }
        catch (ApiException gone) when (gone.IsGone)
        {
            // The pages took longer than the server keeps a version; one answer is always consistent.
            return await ListAsync(kind, scope, null, stop);
        }
    }

    /// <inheritdoc/>
    public async Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop) =>
        await ReadAsync(kind, HttpMethod.Post, kind.Path(value.Metadata.Namespace), Json(kind, value), stop);

    /// <inheritdoc/>
    public async Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop)
    {
        string path = kind.Path(value.Metadata.Namespace, value.Metadata.Name ?? "", subresource);
        return await ReadAsync(kind, HttpMethod.Put, path, Json(kind, value), stop);
    }

    /// <summary>Changes parts of an object.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="ns">The namespace; ignored for cluster-wide kinds.</param>
    /// <param name="name">The name.</param>
    /// <param name="subresource">The subresource, or null.</param>
    /// <param name="patchType">
    /// The media type: <c>application/merge-patch+json</c> (RFC 7386), <c>application/json-patch+json</c> (RFC 6902) or
    /// <c>application/strategic-merge-patch+json</c>.
    /// </param>
    /// <param name="patch">The patch.</param>
    /// <param name="stop">Ends the call.</param>
    public async Task<Resource> PatchAsync(
        KindInfo kind, string? ns, string name, string? subresource, string patchType, ReadOnlyMemory<byte> patch, CancellationToken stop) =>
        await ReadAsync(kind, HttpMethod.Patch, kind.Path(ns, name, subresource), Body(patch, patchType), stop);

    /// <inheritdoc/>
    public async Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop)
    {
        var body = preconditions is null ? null : Body(Deletion(preconditions), "application/json");
        await BoundedAsync(
            async limit =>
            {
                using var response = await SendAsync(HttpMethod.Delete, kind.Path(ns, name), body, limit);
                return true;
            },
            stop);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
        KindInfo kind, Scope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken stop)
    {
        // The server ends the watch within these bounds, so that watches spread over its instances again.
        int seconds = Random.Shared.Next(240, 360);
        string path = kind.Path(scope.Namespace) + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=" + seconds +
            "&resourceVersion=" + Uri.EscapeDataString(resourceVersion) + Selectors(scope);
        using var response = await BoundedAsync(limit => SendAsync(HttpMethod.Get, path, null, limit), stop);
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16384, leaveOpen: true));
        while (true)
        {
            var read = await BoundedAsync(async limit => await pipe.ReadAsync(limit), stop, SilenceLimit);
            var buffer = read.Buffer;
            var events = WatchDecoder.TakeEvents(kind, ref buffer);
            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (events.Count > 0)
                yield return events;
            if (read.IsCompleted)
                break;
        }

        await pipe.CompleteAsync();
    }

    /// <summary>The kinds that the server has in a group and version, by their plurals; none when it does not have the version.</summary>
    /// <param name="apiVersion">Group and version, for example <c>crd.projectcalico.org/v1</c>.</param>
    /// <param name="stop">Ends the call.</param>
    public async Task<IReadOnlyCollection<string>> DiscoverAsync(string apiVersion, CancellationToken stop)
    {
        try
        {
            var answer = (JsonObject)await ReadAsync(ModelJson.Default.JsonObject, HttpMethod.Get, "/apis/" + apiVersion, null, stop);
            return [.. (answer["resources"] as JsonArray ?? []).Select(resource => resource?["name"]?.ToString() ?? "")];
        }
        catch (ApiException missing) when (missing.Status.Code == 404)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<Listing> ListAsync(KindInfo kind, Scope scope, int? pageSize, CancellationToken stop)
    {
        List<Resource>? all = null;
        string? token = null;
        while (true)
        {
            string query = Selectors(scope) + (pageSize is null ? "" : "&limit=" + pageSize) +
                (token is null ? "" : "&continue=" + Uri.EscapeDataString(token));
            string path = kind.Path(scope.Namespace) + (query.Length == 0 ? "" : "?" + query[1..]);
            var page = (IResourceList)await ReadAsync(kind.ListTypeInfo, HttpMethod.Get, path, null, stop);
            token = page.Metadata.Continue;
            if (string.IsNullOrEmpty(token))
            {
                all?.AddRange(page.Items);
                return new Listing(all ?? page.Items, page.Metadata.ResourceVersion ?? "");
            }

            (all ??= []).AddRange(page.Items);
        }
    }

    private async Task<Resource> ReadAsync(KindInfo kind, HttpMethod method, string path, HttpContent? body, CancellationToken stop) =>
        (Resource)await ReadAsync(kind.TypeInfo, method, path, body, stop);

    private Task<object> ReadAsync(JsonTypeInfo type, HttpMethod method, string path, HttpContent? body, CancellationToken stop) =>
        BoundedAsync(
            async limit =>
            {
                using var response = await SendAsync(method, path, body, limit);
                await using var stream = await response.Content.ReadAsStreamAsync(limit);
                return await JsonSerializer.DeserializeAsync(stream, type, limit) ?? throw new JsonException("the API server answered null");
            },
            stop);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, CancellationToken stop)
    {
        // A message does not take the client's defaults by itself.
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body,
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await FailureAsync(response, stop);
    }

    private static async Task<ApiException> FailureAsync(HttpResponseMessage response, CancellationToken stop)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(stop);
        try
        {
            if (JsonSerializer.Deserialize(body, ModelJson.Default.Status) is { Kind: "Status", Reason: not null } status)
                return new ApiException(status);
        }
        catch (JsonException)
        {
            // A proxy or something that is no API server; its status code still says something.
            return new ApiException((int)response.StatusCode, response.ReasonPhrase ?? "", $"the server answered {(int)response.StatusCode} without a reason");
        }

        return new ApiException((int)response.StatusCode, response.ReasonPhrase ?? "", $"the server answered {(int)response.StatusCode}");
    }

    private static async Task<T> BoundedAsync<T>(
        Func<CancellationToken, Task<T>> call, CancellationToken stop, TimeSpan? longest = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(longest ?? CallLimit);
        try
        {
            return await call(limit.Token);
        }
        catch (OperationCanceledException late) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException("the API server does not answer", late);
        }
    }

    private static string Selectors(Scope scope) =>
        (scope.LabelSelector is null ? "" : "&labelSelector=" + Uri.EscapeDataString(scope.LabelSelector)) +
        (scope.FieldSelector is null ? "" : "&fieldSelector=" + Uri.EscapeDataString(scope.FieldSelector));

    private static ReadOnlyMemoryContent Json(KindInfo kind, Resource value)
    {
        (value.ApiVersion, value.Kind) = (kind.ApiVersion, kind.Kind);
        return Body(JsonSerializer.SerializeToUtf8Bytes(value, kind.TypeInfo), "application/json");
    }

    private static ReadOnlyMemoryContent Body(ReadOnlyMemory<byte> json, string mediaType)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return content;
    }

    private static ReadOnlyMemory<byte> Deletion(Preconditions preconditions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("kind"u8, "DeleteOptions"u8);
        json.WriteString("apiVersion"u8, "v1"u8);
        json.WriteStartObject("preconditions"u8);
        if (preconditions.Uid is not null)
            json.WriteString("uid"u8, preconditions.Uid);
        if (preconditions.ResourceVersion is not null)
            json.WriteString("resourceVersion"u8, preconditions.ResourceVersion);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
