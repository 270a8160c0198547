using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>The products, kept in the database; the first question fills it.</summary>
internal static class Catalogue
{
    private const string Key = "/values/products";

    private static readonly List<Product> Range =
    [
        new("lamp", "Desk lamp", 3990), new("mug", "Coffee mug", 890), new("rug", "Woollen rug", 12900), new("clock", "Wall clock", 2490),
    ];

    public static void AddTo(ShopServer server) => server.Route("GET", "/products", async (context, _, stop) =>
    {
        var products = await server.Upstream.FindAsync("database", Key, ShopJson.Default.ListProduct, stop);
        if (products is null)
        {
            products = Range;
            await server.Upstream.PutAsync("database", Key, products, ShopJson.Default.ListProduct, stop);
        }

        await ShopServer.WriteAsync(context, products, ShopJson.Default.ListProduct, stop);
    });
}
