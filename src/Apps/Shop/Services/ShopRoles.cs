using Margay.Apps.Shop.Hosting;

namespace Margay.Apps.Shop.Services;

/// <summary>The roles one program can play.</summary>
internal static class ShopRoles
{
    private static readonly SortedDictionary<string, Action<ShopServer>> Roles = new(StringComparer.Ordinal)
    {
        ["frontend"] = Frontend.AddTo,
        ["ads"] = Ads.AddTo,
        ["catalogue"] = Catalogue.AddTo,
        ["recommendation"] = Recommendation.AddTo,
        ["cart"] = CartService.AddTo,
        ["checkout"] = Checkout.AddTo,
        ["payment"] = Payment.AddTo,
        ["shipping"] = Shipping.AddTo,
        ["mail"] = Mail.AddTo,
        ["database"] = Database.AddTo,
        ["load-generator"] = LoadGenerator.AddTo,
        ["intruder"] = Intruder.AddTo,
        ["provider"] = Provider.AddTo,
        ["metadata"] = Metadata.AddTo,
    };

    public static IEnumerable<string> Names => Roles.Keys;

    public static Action<ShopServer>? Find(string role) => Roles.GetValueOrDefault(role);
}
