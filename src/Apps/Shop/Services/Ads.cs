using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>Advertisements; asks nobody.</summary>
internal static class Ads
{
    public static void AddTo(ShopServer server) => server.Route("GET", "/advertisement", (context, _, stop) =>
        ShopServer.WriteAsync(context, new Advertisement("Two mugs for the price of three."), ShopJson.Default.Advertisement, stop));
}
