using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Margay.Model.Datastore.Kube;

namespace Margay.Bench.ApiServer;

/// <summary>One change to many watches, each on a TLS connection of its own: how late, and what it costs the server.</summary>
internal static class FanoutFigures
{
    private const string Sets = "/apis/projectcalico.org/v3/globalnetworksets";
    private const int Changes = 60;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    public static async Task RunAsync(string server, int clients)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("margay-bench-");
        try
        {
            string data = Path.Combine(folder.FullName, "data"), tls = Path.Combine(folder.FullName, "tls");
            using Running api = await Running.StartAsync(server, true, "apiserver", "--data-dir", data, "--listen", "127.0.0.1:0");
            KubeConnection admin = KubeConfig.Connect(Path.Combine(data, "admin.kubeconfig"));
            Margay.ApiServer.Hosting.ServingCertificate.Write(data, ["127.0.0.1"], tls);
            int port = Running.FreePort();
            using Running relay = await Running.StartAsync(server, true, "relay", "--kubeconfig", Path.Combine(data, "node.kubeconfig"),
                "--listen", $"127.0.0.1:{port}", "--tls-cert-file", Path.Combine(tls, "server.crt"), "--tls-private-key-file", Path.Combine(tls, "server.key"),
                "--client-ca-file", Path.Combine(tls, "ca.crt"));
            KubeConnection node = KubeConfig.Connect(Path.Combine(data, "node.kubeconfig"));
            KubeConnection relayed = node with { Server = new Uri($"https://127.0.0.1:{port}") };
            await ReadyAsync(relayed);
            await MeasureAsync("at the API server", node, admin, clients, api, relay);
            await MeasureAsync("through the relay", relayed, admin, clients, api, relay);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(string name, KubeConnection watchAt, KubeConnection admin, int clients, Running api, Running relay)
    {
        using HttpClient writer = admin.CreateHttpClient();
        double apiBefore = api.Memory, relayBefore = relay.Memory;
        using var stop = new CancellationTokenSource();
        string version = await VersionAsync(watchAt);
        using var progress = new FanoutProgress(clients);
        var watches = new List<Task>();
        foreach (int client in Enumerable.Range(0, clients))
        {
            watches.Add(Task.Run(() => FollowAsync(watchAt, version, progress, stop.Token)));
            // Handshakes are not what is measured.
            if (client % 20 == 19) await progress.OpenedAsync(client + 1);
        }
        await progress.OpenedAsync(clients);
        double apiMemory = api.Memory - apiBefore, relayMemory = relay.Memory - relayBefore;
        double apiProcessor = 0, relayProcessor = 0;
        for (int change = -5; change < Changes; change++)
        {
            if (change == 0) (apiProcessor, relayProcessor) = (api.Processor, relay.Processor);
            progress.Begin();
            string body = $$$"""{"apiVersion":"projectcalico.org/v3","kind":"GlobalNetworkSet","metadata":{"name":"c{{{Guid.NewGuid():N}}}"},"spec":{"nets":["10.0.0.0/8"]}}""";
            using var request = new HttpRequestMessage(HttpMethod.Post, Sets) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
            using HttpResponseMessage response = await writer.SendAsync(request);
            response.EnsureSuccessStatusCode();
            await progress.AllAsync(keep: change >= 0);
            await Task.Delay(Between);
        }
        (apiProcessor, relayProcessor) = (api.Processor - apiProcessor, relay.Processor - relayProcessor);
        Console.WriteLine($"{clients} watches {name}: from the write's start to a client p50 {Rates.Percentile(progress.Latencies, 0.5):F1} ms, p99 {Rates.Percentile(progress.Latencies, 0.99):F1} ms;"
            + $" processor per change API server {apiProcessor * 1000 / Changes:F1} ms, relay {relayProcessor * 1000 / Changes:F1} ms;"
            + $" memory per client API server {apiMemory * 1024 / clients:F0} KiB, relay {relayMemory * 1024 / clients:F0} KiB; resident {api.Memory:F0} and {relay.Memory:F0} MiB");
        await stop.CancelAsync();
        await Task.WhenAll(watches);
    }

    private static async Task FollowAsync(KubeConnection connection, string version, FanoutProgress progress, CancellationToken stop)
    {
        try
        {
            using HttpClient http = connection.CreateHttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Sets}?watch=1&resourceVersion={version}") { Version = new Version(2, 0) };
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            response.EnsureSuccessStatusCode();
            await using Stream stream = await response.Content.ReadAsStreamAsync(stop);
            progress.Opened();
            byte[] buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, stop) is > 0 and var read)
            {
                // A change is one line of less than a packet.
                if (buffer.AsSpan(0, read).Contains((byte)'\n')) progress.Received();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Measured.
        }
    }

    private static async Task<string> VersionAsync(KubeConnection connection)
    {
        using HttpClient http = connection.CreateHttpClient();
        JsonNode list = JsonNode.Parse(await http.GetStringAsync(Sets))!;
        return (string)list["metadata"]!["resourceVersion"]!;
    }

    private static async Task ReadyAsync(KubeConnection relay)
    {
        using HttpClient http = relay.CreateHttpClient();
        while (true)
        {
            using HttpResponseMessage ready = await http.GetAsync("/readyz");
            if (ready.IsSuccessStatusCode) return;
            await Task.Delay(100);
        }
    }
}
