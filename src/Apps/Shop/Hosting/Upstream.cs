using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Margay.Apps.Shop.Hosting;

/// <summary>A service that this one depends on did not answer, or answered with an error.</summary>
internal sealed class UpstreamException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// Calls to other services. A name may be set by the environment, <c>SHOP_CATALOGUE=http://...</c>. Connections are
/// given up after a few seconds so that a change of policy shows in both directions.
/// </summary>
internal sealed class Upstream : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Counters _counters;
    private readonly HttpClient _client;

    public Upstream(Counters counters)
    {
        _counters = counters;
        _client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = Patience, PooledConnectionLifetime = TimeSpan.FromSeconds(5) });
    }

    public async Task<T> GetAsync<T>(string service, string path, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using var answer = await SendAsync(service, path, HttpMethod.Get, null, stop);
        return await ReadAsync(service, answer, type, stop);
    }

    /// <summary>The value, or null when the service does not have it.</summary>
    public async Task<T?> FindAsync<T>(string service, string path, JsonTypeInfo<T> type, CancellationToken stop) where T : class
    {
        using var answer = await SendAsync(service, path, HttpMethod.Get, null, stop, HttpStatusCode.NotFound);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(service, answer, type, stop);
    }

    public async Task<TAnswer> PostAsync<T, TAnswer>(
        string service, string path, T value, JsonTypeInfo<T> type, JsonTypeInfo<TAnswer> answerType, CancellationToken stop)
    {
        using var body = JsonContent.Create(value, type);
        using var answer = await SendAsync(service, path, HttpMethod.Post, body, stop);
        return await ReadAsync(service, answer, answerType, stop);
    }

    public async Task PutAsync<T>(string service, string path, T value, JsonTypeInfo<T> type, CancellationToken stop)
    {
        using var body = JsonContent.Create(value, type);
        using var answer = await SendAsync(service, path, HttpMethod.Put, body, stop);
    }

    public async Task DeleteAsync(string service, string path, CancellationToken stop)
    {
        using var answer = await SendAsync(service, path, HttpMethod.Delete, null, stop);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        string service, string path, HttpMethod method, HttpContent? body, CancellationToken stop, HttpStatusCode? accepted = null)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        attempt.CancelAfter(Patience);
        using var request = new HttpRequestMessage(method, new Uri(ServiceNames.Address(service), path)) { Content = body };
        try
        {
            var answer = await _client.SendAsync(request, attempt.Token);
            if (answer.IsSuccessStatusCode || answer.StatusCode == accepted)
            {
                _counters.Add($"calls_{ServiceNames.CounterName(service)}");
                return answer;
            }

            string text = await answer.Content.ReadAsStringAsync(attempt.Token);
            answer.Dispose();
            throw new UpstreamException($"{service} answered {(int)answer.StatusCode}: {text}");
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !stop.IsCancellationRequested))
        {
            _counters.Add($"failed_calls_{ServiceNames.CounterName(service)}");
            string cause = failure is HttpRequestException ? failure.Message : $"no answer in {Patience.TotalSeconds:0} s";
            throw new UpstreamException($"{service}: {cause}", failure);
        }
    }

    private static async Task<T> ReadAsync<T>(string service, HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken stop)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync(type, stop) ?? throw new UpstreamException($"{service} answered with null");
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or IOException)
        {
            throw new UpstreamException($"{service}: {failure.Message}", failure);
        }
    }
}
