using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>The shop's pages: asks catalogue, recommendation, ads, cart and checkout.</summary>
internal static class Frontend
{
    public static void AddTo(ShopServer server)
    {
        var upstream = server.Upstream;
        server.Route("POST", "/cart", async (context, rest, stop) =>
        {
            var cart = await upstream.PostAsync("cart", $"/carts/{rest}", new Done(true), ShopJson.Default.Done, ShopJson.Default.Cart, stop);
            await ShopServer.WriteAsync(context, cart, ShopJson.Default.Cart, stop);
        });
        server.Route("POST", "/checkout", async (context, user, stop) =>
        {
            var order = await upstream.PostAsync(
                "checkout", $"/orders/{user}", new Done(true), ShopJson.Default.Done, ShopJson.Default.Order, stop);
            await ShopServer.WriteAsync(context, order, ShopJson.Default.Order, stop);
        });
        server.Route("GET", "/", async (context, _, stop) =>
        {
            var products = upstream.GetAsync("catalogue", "/products", ShopJson.Default.ListProduct, stop);
            var recommended = upstream.GetAsync("recommendation", "/recommended", ShopJson.Default.ListProduct, stop);
            var advertisement = upstream.GetAsync("ads", "/advertisement", ShopJson.Default.Advertisement, stop);
            await Task.WhenAll(products, recommended, advertisement);
            await ShopServer.WriteAsync(
                context, new Page(await products, await recommended, await advertisement), ShopJson.Default.Page, stop);
        });
    }
}
