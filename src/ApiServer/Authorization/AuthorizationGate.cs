using Margay.ApiServer.Audit;
using Margay.ApiServer.Authorization.Tiers;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Authorization;

/// <summary>Lets a request go on when its user may make it. Stands behind authentication, before everything else.</summary>
/// <param name="authorizer">Says who may do what.</param>
/// <param name="counted">Is told every decision.</param>
internal sealed class AuthorizationGate(IAuthorizer authorizer, Action<bool> counted)
{
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        // Without an identity only what authentication leaves open gets here.
        if (UserInfo.Of(http) is { } known)
        {
            var user = await Impersonation.ApplyAsync(http, known, authorizer);
            user.Take(http);
            var request = AccessRequest.Of(http, user);
            var decision = await authorizer.DecideAsync(request, http.RequestAborted);
            counted(decision.Allowed);
            AuditTrail.Of(http)?.Decided(known, user, decision);
            if (!decision.Allowed) throw TieredKinds.Has(request.Group, request.Resource) ? request.Refusal(decision.Reason) : request.Refusal();
            http.Features.Set(request);
        }
        await next(http);
    }
}
