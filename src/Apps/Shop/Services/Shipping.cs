using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>Sends parcels; asks nobody.</summary>
internal static class Shipping
{
    public static void AddTo(ShopServer server) => server.Route("POST", "/parcels", async (context, _, stop) =>
    {
        var cart = await Requests.ReadAsync(context, ShopJson.Default.Cart, stop);
        server.Counters.Add("parcels");
        var parcel = new Parcel($"P-{server.Counters["parcels"]}", cart.Products.Count);
        await ShopServer.WriteAsync(context, parcel, ShopJson.Default.Parcel, stop);
    });
}
