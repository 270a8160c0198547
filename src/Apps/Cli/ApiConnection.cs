using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Margay.Cli;

/// <summary>The API server of the current context, asked in plain JSON so that no field is lost on the way to the user.</summary>
internal sealed class ApiConnection(HttpClient http, string defaultNamespace) : IDisposable
{
    /// <summary>Asks for tables as kubectl does.</summary>
    public const string TableAccept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    /// <summary>The namespace of the context, or the one given on the command line.</summary>
    public string DefaultNamespace => defaultNamespace;

    /// <summary>Sends a request and returns the answer's JSON.</summary>
    /// <exception cref="ApiFailure">The server refused; it carries the server's Status.</exception>
    public async Task<JsonObject> SendAsync(
        HttpMethod method, string path, JsonNode? body, CancellationToken stop, string contentType = "application/json", string accept = "application/json")
    {
        using var response = await SendRawAsync(method, path, body, contentType, accept, HttpCompletionOption.ResponseContentRead, stop);
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        JsonNode? answer;
        try
        {
            answer = await JsonNode.ParseAsync(stream, cancellationToken: stop);
        }
        catch (JsonException)
        {
            throw new CliException($"{http.BaseAddress} answered {(int)response.StatusCode} to {method} {path} with something that is not JSON. Is it a Kubernetes API server?");
        }
        if (!response.IsSuccessStatusCode) throw new ApiFailure((int)response.StatusCode, answer as JsonObject ?? []);
        return answer as JsonObject ?? [];
    }

    /// <summary>Opens a watch and yields its events until the server or <paramref name="stop"/> ends it.</summary>
    public async IAsyncEnumerable<JsonObject> WatchAsync(
        string path, string accept, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var response = await SendRawAsync(HttpMethod.Get, path, null, "", accept, HttpCompletionOption.ResponseHeadersRead, stop);
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        if (!response.IsSuccessStatusCode)
            throw new ApiFailure((int)response.StatusCode, await JsonNode.ParseAsync(stream, cancellationToken: stop) as JsonObject ?? []);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (JsonNode.Parse(line) is JsonObject found) yield return found;
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<HttpResponseMessage> SendRawAsync(
        HttpMethod method, string path, JsonNode? body, string contentType, string accept, HttpCompletionOption completion, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }
        try
        {
            return await http.SendAsync(request, completion, stop);
        }
        catch (HttpRequestException cause)
        {
            throw new CliException($"The API server {http.BaseAddress} cannot be reached: {cause.Message}");
        }
    }
}

/// <summary>The API server refused; prints as kubectl prints it.</summary>
internal sealed class ApiFailure(int code, JsonObject status) : Exception(Describe(code, status))
{
    /// <summary>The HTTP status code.</summary>
    public int Code => code;

    private static string Describe(int code, JsonObject status)
    {
        string reason = status["reason"]?.GetValue<string>() ?? $"{code}";
        string message = status["message"]?.GetValue<string>() ?? "the server gave no reason";
        return reason == "Invalid" ? message : $"Error from server ({reason}): {message}";
    }
}
