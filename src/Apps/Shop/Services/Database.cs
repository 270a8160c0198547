using System.Collections.Concurrent;
using Margay.Apps.Shop.Hosting;
using Microsoft.AspNetCore.Http;

namespace Margay.Apps.Shop.Services;

/// <summary>Keys and values in memory.</summary>
internal static class Database
{
    private const int LargestValue = 64 * 1024;
    private const int MostKeys = 10_000;

    public static void AddTo(ShopServer server)
    {
        var values = new ConcurrentDictionary<string, byte[]>(StringComparer.Ordinal);
        server.Route("GET", "/values", async (context, key, stop) =>
        {
            if (values.TryGetValue(key, out byte[]? value)) await context.Response.Body.WriteAsync(value, stop);
            else context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        server.Route("PUT", "/values", async (context, key, stop) =>
        {
            if (context.Request.ContentLength is > LargestValue || (values.Count >= MostKeys && !values.ContainsKey(key)))
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return;
            }

            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, stop);
            values[key] = body.ToArray();
        });
        server.Route("DELETE", "/values", (_, key, _) =>
        {
            values.TryRemove(key, out byte[]? _);
            return Task.CompletedTask;
        });
    }
}
