using Margay.ApiServer.Audit;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Hosting;

/// <summary>Whatever goes wrong, the client gets a Status object that says so.</summary>
internal sealed class FailureAnswers(ILogger logger)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        ApiException failure;
        bool unexpected = false;
        try
        {
            await next(http);
            // Routing answers some requests with a bare code.
            if (http.Response.HasStarted || http.Response.StatusCode < 400 || http.Response.ContentLength is not null) return;
            failure = http.Response.StatusCode == 405 ? Failures.MethodNotAllowed(http.Request.Method) : Failures.NoSuchPath();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (ApiException e)
        {
            failure = e;
        }
        catch (StorageUnavailableException e)
        {
            failure = Failures.Unavailable($"the storage cannot be used: {e.Message}");
        }
        catch (ValueTooLargeException e)
        {
            failure = new ApiException(413, "RequestEntityTooLarge", e.Message);
        }
        catch (BadHttpRequestException e)
        {
            failure = e.StatusCode == 413 ? Failures.TooLarge(RequestBody.Limit) : Failures.BadRequest(e.Message);
        }
        catch (Exception e)
        {
            logger.RequestFailed(http.Request.Method, http.Request.Path, e);
            failure = Failures.Internal(e.Message);
            unexpected = true;
        }
        AuditTrail.Of(http)?.Failed(failure, unexpected);
        await AnswerAsync(http, failure);
    }

    private static async Task AnswerAsync(HttpContext http, ApiException failure)
    {
        if (http.Response.HasStarted)
        {
            // Half an answer cannot be taken back; a broken connection is the only honest end.
            http.Abort();
            return;
        }
        var warnings = http.Response.Headers["Warning"];
        http.Response.Clear();
        if (warnings.Count > 0) http.Response.Headers["Warning"] = warnings;
        if (failure.Code is 503 or 504) http.Response.Headers.RetryAfter = "1";
        // What is left of the body is not read, so nothing more can come on this connection.
        if (failure.Code == 413 && http.Request.Protocol == HttpProtocol.Http11) http.Response.Headers.Connection = "close";
        if (failure.Code == 401) http.Response.Headers.WWWAuthenticate = "Bearer";
        await Answers.SendAsync(http, failure.Code, failure.ToStatus());
    }
}
