using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>Carts, kept in the database.</summary>
internal static class CartService
{
    public static void AddTo(ShopServer server)
    {
        var upstream = server.Upstream;
        server.Route("POST", "/carts", async (context, rest, stop) =>
        {
            string[] parts = rest.Split('/', 2);
            var cart = await LoadAsync(upstream, parts[0], stop);
            if (parts.Length > 1 && cart.Products.Count < 20) cart.Products.Add(parts[1]);
            await upstream.PutAsync("database", $"/values/cart-{parts[0]}", cart, ShopJson.Default.Cart, stop);
            await ShopServer.WriteAsync(context, cart, ShopJson.Default.Cart, stop);
        });
        server.Route("GET", "/carts", async (context, user, stop) =>
            await ShopServer.WriteAsync(context, await LoadAsync(upstream, user, stop), ShopJson.Default.Cart, stop));
        server.Route("DELETE", "/carts", (_, user, stop) => upstream.DeleteAsync("database", $"/values/cart-{user}", stop));
    }

    private static async Task<Cart> LoadAsync(Upstream upstream, string user, CancellationToken stop) =>
        await upstream.FindAsync("database", $"/values/cart-{user}", ShopJson.Default.Cart, stop) ?? new Cart(user, []);
}
