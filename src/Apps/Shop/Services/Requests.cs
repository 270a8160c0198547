using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Margay.Apps.Shop.Hosting;
using Microsoft.AspNetCore.Http;

namespace Margay.Apps.Shop.Services;

internal static class Requests
{
    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, CancellationToken stop)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, stop) ?? throw new UpstreamException("the body is null");
        }
        catch (JsonException failure)
        {
            throw new UpstreamException($"the body cannot be read: {failure.Message}", failure);
        }
    }
}
