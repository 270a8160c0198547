using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Margay.Tests;

/// <summary>A plain HTTP client with a client certificate: what a test sends is what goes over the wire.</summary>
/// <param name="address">The server.</param>
/// <param name="authority">The file of the authority that the server's certificate must come from.</param>
/// <param name="certificate">Who asks; null for nobody.</param>
/// <param name="token">A bearer token.</param>
internal sealed class ApiClient(string address, string authority, X509Certificate2? certificate, string? token = null) : IDisposable
{
    private readonly HttpClient _http = Make(address, authority, certificate, token);
    private int _requests;

    /// <summary>How many requests were sent.</summary>
    public int Requests => _requests;

    public static ApiClient FromFolder(string address, string pki) => new(address, Path.Combine(pki, "ca.crt"),
        X509Certificate2.CreateFromPemFile(Path.Combine(pki, "admin.crt"), Path.Combine(pki, "admin.key")));

    public Task<Answer> GetAsync(string path, string accept = "application/json") => SendAsync(HttpMethod.Get, path, null, accept: accept);

    public Task<Answer> PostAsync(string path, string body, string type = "application/json") => SendAsync(HttpMethod.Post, path, body, type);

    public Task<Answer> PutAsync(string path, string body, string type = "application/json") => SendAsync(HttpMethod.Put, path, body, type);

    public Task<Answer> PatchAsync(string path, string body, string type = "application/merge-patch+json") =>
        SendAsync(HttpMethod.Patch, path, body, type);

    public Task<Answer> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? body, string type = "application/json", string accept = "application/json",
        IEnumerable<(string Name, string Value)>? headers = null)
    {
        Interlocked.Increment(ref _requests);
        using var request = new HttpRequestMessage(method, path) { Version = new Version(2, 0) };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in headers ?? []) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, text, response.Headers, response.Content.Headers.ContentType?.ToString() ?? "");
    }

    /// <summary>Opens a watch; its end is the end of the enumeration.</summary>
    public async IAsyncEnumerable<JsonObject> WatchAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop = default)
    {
        Interlocked.Increment(ref _requests);
        using HttpResponseMessage response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(stop)}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
        while (await reader.ReadLineAsync(stop) is { } line) yield return (JsonObject)JsonNode.Parse(line)!;
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Make(string address, string authority, X509Certificate2? certificate, string? token)
    {
        var handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true };
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(authority));
        handler.SslOptions.CertificateChainPolicy = trust;
        if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
        var http = new HttpClient(handler) { BaseAddress = new Uri(address), DefaultRequestVersion = new Version(2, 0) };
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}

/// <summary>What a server answered.</summary>
internal sealed record Answer(int Code, string Text, HttpResponseHeaders Headers, string ContentType)
{
    public JsonObject Json => (JsonObject)JsonNode.Parse(Text)!;

    public JsonObject Metadata => (JsonObject)Json["metadata"]!;

    public string Version => (string)Metadata["resourceVersion"]!;

    public string Reason => (string?)Json["reason"] ?? "";

    public string Message => (string?)Json["message"] ?? "";

    public IEnumerable<string> Names => ((JsonArray)Json["items"]!).Select(i => (string)i!["metadata"]!["name"]!);

    public IEnumerable<string> Warnings => Headers.TryGetValues("Warning", out IEnumerable<string>? values) ? values : [];

    public Answer Expect(int code, string? reason = null)
    {
        Assert.True(code == Code, $"expected {code}, got {Code}: {Text}");
        if (code >= 400)
        {
            Assert.Equal("Status", (string?)Json["kind"]);
            Assert.Equal("Failure", (string?)Json["status"]);
            Assert.Equal(code, (int?)Json["code"]);
        }
        if (reason is not null) Assert.Equal(reason, Reason);
        return this;
    }

    /// <summary>The causes of a Status as <c>field: reason</c>.</summary>
    public IEnumerable<string> Causes => ((JsonArray)Json["details"]!["causes"]!).Select(c => $"{c!["field"]}: {c["reason"]}");
}
