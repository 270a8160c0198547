using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>Recommends what is cheap; asks the catalogue.</summary>
internal static class Recommendation
{
    public static void AddTo(ShopServer server) => server.Route("GET", "/recommended", async (context, _, stop) =>
    {
        var products = await server.Upstream.GetAsync("catalogue", "/products", ShopJson.Default.ListProduct, stop);
        List<Product> cheap = [.. products.OrderBy(product => product.Price).Take(2)];
        await ShopServer.WriteAsync(context, cheap, ShopJson.Default.ListProduct, stop);
    });
}
