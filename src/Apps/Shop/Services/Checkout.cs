using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>Turns a cart into an order: cart, payment, shipping, mail.</summary>
internal static class Checkout
{
    private const long PriceOfAPiece = 1990;

    public static void AddTo(ShopServer server) => server.Route("POST", "/orders", async (context, user, stop) =>
    {
        var upstream = server.Upstream;
        var cart = await upstream.GetAsync("cart", $"/carts/{user}", ShopJson.Default.Cart, stop);
        var receipt = await upstream.PostAsync(
            "payment", "/charges", new Charge(user, PriceOfAPiece * cart.Products.Count), ShopJson.Default.Charge, ShopJson.Default.Receipt, stop);
        var parcel = await upstream.PostAsync("shipping", "/parcels", cart, ShopJson.Default.Cart, ShopJson.Default.Parcel, stop);
        await upstream.PostAsync(
            "mail", "/letters", new Letter(user, $"Your order {receipt.Number}"), ShopJson.Default.Letter, ShopJson.Default.Done, stop);
        await upstream.DeleteAsync("cart", $"/carts/{user}", stop);
        await ShopServer.WriteAsync(context, new Order(user, receipt, parcel), ShopJson.Default.Order, stop);
    });
}
