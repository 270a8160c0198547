using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Margay.ApiServer.Security.Tokens;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Authorization;

/// <summary>
/// Acting as somebody else (<c>kubectl --as</c>, <c>--as-group</c>): for whoever has the verb <c>impersonate</c> on the user and on
/// every group. Asked for and not allowed is refused: answering as oneself would be a wrong answer.
/// </summary>
internal static class Impersonation
{
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";

    /// <summary>Who the request is made as.</summary>
    /// <param name="http">The request.</param>
    /// <param name="user">Who makes it.</param>
    /// <param name="authorizer">Says who may act as whom.</param>
    public static async ValueTask<UserInfo> ApplyAsync(HttpContext http, UserInfo user, IAuthorizer authorizer)
    {
        var headers = http.Request.Headers;
        string name = headers[UserHeader].ToString();
        string[] groups = [.. headers[GroupHeader].Where(group => !string.IsNullOrEmpty(group)).OfType<string>()];
        string? unknown = headers.Keys.FirstOrDefault(key => key.StartsWith("Impersonate-", StringComparison.OrdinalIgnoreCase)
            && !key.Equals(UserHeader, StringComparison.OrdinalIgnoreCase) && !key.Equals(GroupHeader, StringComparison.OrdinalIgnoreCase));
        if (unknown is not null) throw Failures.BadRequest($"the header {unknown} is not supported");
        if (name.Length == 0)
        {
            return groups.Length == 0 ? user : throw Failures.BadRequest($"requested {GroupHeader} without {UserHeader}");
        }
        foreach (var asks in groups.Select(group => Ask(user, "groups", group)).Prepend(AskUser(user, name)))
            if (!(await authorizer.DecideAsync(asks, http.RequestAborted)).Allowed) throw asks.Refusal();
        return new UserInfo(name, [.. groups.Concat(ServiceAccountName.Parse(name)?.Groups ?? []).Append(UserInfo.Authenticated).Distinct()]);
    }

    private static AccessRequest AskUser(UserInfo user, string name) => ServiceAccountName.Parse(name) is { } account
        ? Ask(user, "serviceaccounts", account.Name) with { Namespace = account.Namespace }
        : Ask(user, "users", name);

    private static AccessRequest Ask(UserInfo user, string resource, string name) => new(user, "impersonate") { Resource = resource, Name = name };
}
