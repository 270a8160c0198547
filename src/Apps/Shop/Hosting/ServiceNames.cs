namespace Margay.Apps.Shop.Hosting;

/// <summary>Where the services are, unless the environment says otherwise.</summary>
internal static class ServiceNames
{
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["frontend"] = "http://frontend.shop-web:8080",
        ["ads"] = "http://ads.shop-web:8080",
        ["catalogue"] = "http://catalogue.shop-core:8080",
        ["recommendation"] = "http://recommendation.shop-core:8080",
        ["cart"] = "http://cart.shop-core:8080",
        ["checkout"] = "http://checkout.shop-core:8080",
        ["payment"] = "http://payment.shop-core:8080",
        ["shipping"] = "http://shipping.shop-core:8080",
        ["mail"] = "http://mail.shop-core:8080",
        ["database"] = "http://database.shop-data:5432",
        ["provider"] = "http://203.0.113.10:8443",
        ["metadata"] = "http://169.254.169.254",
    };

    public static Uri Address(string service) =>
        new(Environment.GetEnvironmentVariable("SHOP_" + service.ToUpperInvariant()) ?? Defaults[service]);

    public static string CounterName(string service) => service.Replace('-', '_');
}
