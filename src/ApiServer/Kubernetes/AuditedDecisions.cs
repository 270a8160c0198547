using Margay.ApiServer.Authorization;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Remembers with the request what was decided about it, for the audit log.</summary>
internal sealed class AuditedDecisions(IAuthorizer inner) : IAuthorizer
{
    private static readonly AsyncLocal<Decided?> Current = new();

    /// <summary>The last decision about a request; null when none was made.</summary>
    public static AccessDecision? Of(HttpContext http) => http.Features.Get<Decided>()?.Decision;

    /// <summary>From here on decisions belong to this request.</summary>
    public static void Begin(HttpContext http)
    {
        var decided = new Decided();
        http.Features.Set(decided);
        Current.Value = decided;
    }

    public async ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken stop)
    {
        AccessDecision decision = await inner.DecideAsync(request, stop);
        if (Current.Value is { } decided) decided.Decision = decision;
        return decision;
    }

    public ValueTask<IReadOnlyList<AccessRule>> RulesAsync(UserInfo user, string space, CancellationToken stop) => inner.RulesAsync(user, space, stop);

    private sealed class Decided
    {
        public AccessDecision? Decision { get; set; }
    }
}
