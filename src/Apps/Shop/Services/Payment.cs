using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>Charges people through the provider outside the cluster.</summary>
internal static class Payment
{
    public static void AddTo(ShopServer server) => server.Route("POST", "/charges", async (context, _, stop) =>
    {
        var charge = await Requests.ReadAsync(context, ShopJson.Default.Charge, stop);
        var receipt = await server.Upstream.PostAsync(
            "provider", "/charges", charge, ShopJson.Default.Charge, ShopJson.Default.Receipt, stop);
        await ShopServer.WriteAsync(context, receipt, ShopJson.Default.Receipt, stop);
    });
}

/// <summary>The payment provider; it is not in the cluster.</summary>
internal static class Provider
{
    public static void AddTo(ShopServer server) => server.Route("POST", "/charges", async (context, _, stop) =>
    {
        var charge = await Requests.ReadAsync(context, ShopJson.Default.Charge, stop);
        server.Counters.Add("receipts");
        var receipt = new Receipt($"R-{server.Counters["receipts"]}", charge.Amount);
        await ShopServer.WriteAsync(context, receipt, ShopJson.Default.Receipt, stop);
    });
}
