using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Margay.ApiServer.Storage;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Hosting;

/// <summary>
/// A request about objects sees everything that was committed before it came, by whichever server: roles, and what it reads.
/// Stands before authorization. Health, metrics and discovery are answered also while the storage is not.
/// </summary>
internal sealed class FreshState(IStorage storage)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (UserInfo.Of(http) is not null && RequestPath.TryParse(http.Request.Path.Value ?? "", out _))
            await storage.CatchUpAsync(http.RequestAborted);
        await next(http);
    }
}
