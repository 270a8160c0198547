using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Margay.Installation;

/// <summary>The API server's documents over HTTP.</summary>
internal sealed class HttpDocuments(HttpClient http) : IClusterDocuments
{
    /// <inheritdoc/>
    public async Task<JsonObject?> GetAsync(string path, CancellationToken stop)
    {
        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), stop);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        await CheckAsync(response, stop);
        return JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(stop)) as JsonObject;
    }

    /// <inheritdoc/>
    public async Task CreateAsync(string path, JsonObject document, CancellationToken stop)
    {
        using var body = Body(document);
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), body, stop);
        if (response.StatusCode != HttpStatusCode.Conflict) await CheckAsync(response, stop);
    }

    /// <inheritdoc/>
    public async Task<bool> ReplaceStatusAsync(string path, JsonObject document, CancellationToken stop)
    {
        using var body = Body(document);
        using var response = await http.PutAsync(new Uri(path + "/status", UriKind.Relative), body, stop);
        if (response.StatusCode == HttpStatusCode.Conflict) return false;
        await CheckAsync(response, stop);
        return true;
    }

    private static StringContent Body(JsonObject document) => new(document.ToJsonString(), Encoding.UTF8, "application/json");

    private static async Task CheckAsync(HttpResponseMessage response, CancellationToken stop)
    {
        if (response.IsSuccessStatusCode) return;
        string text = await response.Content.ReadAsStringAsync(stop);
        throw new HttpRequestException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}: {(int)response.StatusCode} {text}", null, response.StatusCode);
    }
}
