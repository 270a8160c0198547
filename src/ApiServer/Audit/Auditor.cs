using Margay.ApiServer.Authorization;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Audit;

/// <summary>
/// Records requests. Stands in two places: around everything, to see what comes of a request, and behind authentication, to know
/// who asks. An event is handed to the operating system before the answer ends.
/// </summary>
internal sealed class Auditor(AuditPolicy policy, AuditLog log, TimeProvider time)
{
    private const int LongestId = 64;
    private static readonly UserInfo Nobody = new("", []);

    /// <summary>Around everything: records how it ends.</summary>
    public async Task AroundAsync(HttpContext http, RequestDelegate next)
    {
        string given = http.Request.Headers[AuditTrail.IdHeader].ToString();
        var trail = new AuditTrail { Id = given.Length is > 0 and <= LongestId ? given : Guid.NewGuid().ToString(), Received = time.GetUtcNow() };
        http.Features.Set(trail);
        http.Response.OnStarting(() =>
        {
            http.Response.Headers[AuditTrail.IdHeader] = trail.Id;
            if (trail.Asked?.Verb == "watch") Write(http, trail, AuditStage.ResponseStarted);
            return Task.CompletedTask;
        });
        await next(http);
        // Refused before it was known who asks: that is recorded as nobody's.
        if (trail.Asked is null) Know(http, trail, Nobody);
        Write(http, trail, trail.Panicked ? AuditStage.Panic : AuditStage.ResponseComplete);
    }

    /// <summary>Behind authentication: it is known who asks.</summary>
    public Task ReceivedAsync(HttpContext http, RequestDelegate next)
    {
        if (AuditTrail.Of(http) is { } trail)
        {
            Know(http, trail, UserInfo.Of(http) ?? Nobody);
            Write(http, trail, AuditStage.RequestReceived);
        }
        return next(http);
    }

    private void Know(HttpContext http, AuditTrail trail, UserInfo user)
    {
        trail.Asked = AccessRequest.Of(http, user);
        trail.Rule = policy.RuleFor(trail.Asked);
    }

    private void Write(HttpContext http, AuditTrail trail, string stage)
    {
        if (trail.Rule is not { Level: > AuditLevel.None } rule || rule.OmitStages.Contains(stage)) return;
        log.Write(StoredForm.Render(AuditEvent.Write(http, trail, rule, stage, time.GetUtcNow())));
    }
}
