using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>A customer: looks, fills a cart, buys; says so when the shop starts or ceases to work.</summary>
internal static class LoadGenerator
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static void AddTo(ShopServer server) => server.Background(async stop =>
    {
        bool? worked = null;
        for (int visit = 0; ; visit++)
        {
            string? failure = await VisitAsync(server.Upstream, $"customer{visit % 10}", stop);
            server.Counters.Add(failure is null ? "visits" : "failed_visits");
            if (worked != (failure is null)) Console.WriteLine(failure is null ? "the shop works" : $"the shop does not work: {failure}");
            worked = failure is null;
            await Task.Delay(Pause, stop);
        }
    });

    private static async Task<string?> VisitAsync(Upstream upstream, string user, CancellationToken stop)
    {
        try
        {
            var page = await upstream.GetAsync("frontend", "/", ShopJson.Default.Page, stop);
            await upstream.PostAsync(
                "frontend", $"/cart/{user}/{page.Products[0].Id}", new Done(true), ShopJson.Default.Done, ShopJson.Default.Cart, stop);
            await upstream.PostAsync("frontend", $"/checkout/{user}", new Done(true), ShopJson.Default.Done, ShopJson.Default.Order, stop);
            return null;
        }
        catch (UpstreamException failure)
        {
            return failure.Message;
        }
    }
}
