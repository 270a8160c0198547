using Margay.Apps.Shop.Hosting;
using Margay.Apps.Shop.Model;

namespace Margay.Apps.Shop.Services;

/// <summary>Counts the letters it would send.</summary>
internal static class Mail
{
    public static void AddTo(ShopServer server) => server.Route("POST", "/letters", async (context, _, stop) =>
    {
        await Requests.ReadAsync(context, ShopJson.Default.Letter, stop);
        server.Counters.Add("letters");
        await ShopServer.WriteAsync(context, new Done(true), ShopJson.Default.Done, stop);
    });
}
