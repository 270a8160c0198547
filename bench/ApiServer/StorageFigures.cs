using System.Net.Http.Headers;
using System.Text;
using Margay.Model.Datastore.Kube;

namespace Margay.Bench.ApiServer;

/// <summary>Create, get, and list of 10,000 policies, on SQLite and on etcd, as ratios to etcd's own put, get and range.</summary>
internal static class StorageFigures
{
    private const int Policies = 10_000;
    private const int Warm = 20_000, One = 1_000;
    private const int Workers = 32;

    public static async Task RunAsync(string server, string? kubeApiServer)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("margay-bench-");
        try
        {
            int client = Running.FreePort(), peer = Running.FreePort();
            using Running etcd = await Running.StartAsync("/usr/bin/etcd", false, "--data-dir", Path.Combine(folder.FullName, "etcd"),
                "--listen-client-urls", $"http://127.0.0.1:{client}", "--advertise-client-urls", $"http://127.0.0.1:{client}",
                "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}", "--initial-cluster", $"default=http://127.0.0.1:{peer}",
                "--quota-backend-bytes", "4000000000");
            var yard = new EtcdYardstick(client);
            for (int attempt = 0; ; attempt++)
            {
                try { await yard.PutAsync(0); break; }
                catch (Grpc.Core.RpcException) when (attempt < 100) { await Task.Delay(100); }
            }
            Figures etcdOnly = await MeasureAsync(yard.WarmAsync, yard.PutAsync, n => yard.GetAsync(n % Policies), yard.ListAsync);
            Print("etcd", etcdOnly, etcdOnly);
            foreach (string storage in (string[])["sqlite", "etcd"])
            {
                string data = Path.Combine(folder.FullName, $"margay-{storage}");
                using Running api = await Running.StartAsync(server, true,
                    ["apiserver", "--data-dir", data, "--listen", "127.0.0.1:0", "--storage", storage,
                        .. storage == "etcd" ? new[] { "--etcd-servers", $"http://127.0.0.1:{client}" } : []]);
                using var http = KubeConfig.Connect(Path.Combine(data, "admin.kubeconfig")).CreateHttpClient();
                Print($"API on {storage}", await OverHttpAsync(http), etcdOnly);
            }
            if (kubeApiServer is not null)
            {
                using KubeApiServer kube = await KubeApiServer.StartAsync(kubeApiServer, folder.FullName, $"http://127.0.0.1:{client}");
                Print("kube-apiserver", await OverHttpAsync(kube.Http), etcdOnly);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Creates, and gets of what was created, at a server that runs.</summary>
    public static async Task LoadAsync(string kubeconfig, int workers, int creates, int gets)
    {
        using HttpClient http = KubeConfig.Connect(kubeconfig).CreateHttpClient();
        int first = Random.Shared.Next(1_000_000_000);
        double created = await Rates.MeasureAsync(workers, n => SendAsync(http, HttpMethod.Post, KubeApiServer.Path, Policy(first + n)), creates);
        Console.WriteLine($"{created:F0} creates a second");
        if (gets == 0) return;
        double got = await Rates.MeasureAsync(workers, n => SendAsync(http, HttpMethod.Get, $"{KubeApiServer.Path}/p{first + (n % creates)}"), gets);
        Console.WriteLine($"{got:F0} gets a second");
    }

    private static async Task<Figures> OverHttpAsync(HttpClient http) => await MeasureAsync(
        n => SendAsync(http, HttpMethod.Post, KubeApiServer.WarmPath, Policy(n)), n => SendAsync(http, HttpMethod.Post, KubeApiServer.Path, Policy(n)),
        n => SendAsync(http, HttpMethod.Get, $"{KubeApiServer.Path}/p{n % Policies}"), () => SendAsync(http, HttpMethod.Get, KubeApiServer.Path));

    private static async Task<Figures> MeasureAsync(Func<int, Task> warm, Func<int, Task> create, Func<int, Task> get, Func<Task> list)
    {
        // Programs that compile themselves as they go are measured when they have.
        await Rates.MeasureAsync(Workers, warm, Warm);
        double one = await Rates.MeasureAsync(1, create, One);
        double many = await Rates.MeasureAsync(Workers, n => create(One + n), Policies - One);
        await Rates.MeasureAsync(Workers, get, Warm);
        for (int i = 0; i < 10; i++) await list();
        return new Figures(one, many, await Rates.MeasureAsync(1, get), await Rates.MeasureAsync(Workers, get), await Rates.MeasureAsync(1, _ => list()));
    }

    private static void Print(string name, Figures f, Figures etcd) => Console.WriteLine(
        $"{name,-16} create 1/{Workers}: {f.CreateOne,7:F0} ({f.CreateOne / etcd.CreateOne:F2}) {f.CreateMany,7:F0} ({f.CreateMany / etcd.CreateMany:F2})"
        + $"   get 1/{Workers}: {f.GetOne,7:F0} ({f.GetOne / etcd.GetOne:F2}) {f.GetMany,7:F0} ({f.GetMany / etcd.GetMany:F2})   list of {Policies}: {f.List,6:F2} ({f.List / etcd.List:F2})  per second, in brackets against etcd");

    private static async Task SendAsync(HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Version = new Version(2, 0) };
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        await response.Content.CopyToAsync(Stream.Null);
    }

    /// <summary>About 1 KiB.</summary>
    private static string Policy(int number) => $$$$"""
        {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"p{{{{number}}}}","labels":{"n":"{{{{number}}}}"},"annotations":{"filler":"{{{{new string('x', 500)}}}}"}},
        "spec":{"podSelector":{"matchLabels":{"app":"a{{{{number}}}}"}},"policyTypes":["Ingress"],"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"b{{{{number}}}}"}}}],"ports":[{"protocol":"TCP","port":80}]}]}}
        """;

    private readonly record struct Figures(double CreateOne, double CreateMany, double GetOne, double GetMany, double List);
}
