using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>Knocks at every door and says which one opens or closes.</summary>
internal static class Intruder
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly (string Service, string Path)[] Doors =
    [
        ("database", "/values/products"), ("payment", "/charges"), ("cart", "/carts/customer0"), ("metadata", "/credentials"),
    ];

    public static void AddTo(ShopServer server) => server.Background(async stop =>
    {
        var open = new Dictionary<string, bool>(StringComparer.Ordinal);
        while (true)
        {
            foreach (var (service, path) in Doors)
            {
                bool answered = await KnockAsync(server.Upstream, service, path, stop);
                server.Counters.Add(answered ? "doors_open" : "doors_closed");
                if (!open.TryGetValue(service, out bool before) || before != answered)
                    Console.WriteLine($"{service}: {(answered ? "open" : "closed")}");
                open[service] = answered;
            }

            await Task.Delay(Pause, stop);
        }
    });

    private static async Task<bool> KnockAsync(Upstream upstream, string service, string path, CancellationToken stop)
    {
        try
        {
            await upstream.FindAsync(service, path, ShopJson.Default.Failure, stop);
            return true;
        }
        catch (UpstreamException failure) when (failure.InnerException is null or System.Text.Json.JsonException)
        {
            return true;   // It answered, if not what was asked for.
        }
        catch (UpstreamException)
        {
            return false;
        }
    }
}

/// <summary>What a cloud offers on 169.254.169.254: credentials, to whoever asks.</summary>
internal static class Metadata
{
    public static void AddTo(ShopServer server) => server.Route("GET", "/credentials", (context, _, stop) =>
        ShopServer.WriteAsync(context, new Failure("metadata", "these would be credentials"), ShopJson.Default.Failure, stop));
}
