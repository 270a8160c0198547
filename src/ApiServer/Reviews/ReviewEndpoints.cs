using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Authorization.Tiers;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Margay.ApiServer.Reviews;

/// <summary>Answers <c>kubectl auth can-i</c>, <c>kubectl auth can-i --list</c> and <c>kubectl auth whoami</c>, by the authorizer that decides about requests.</summary>
internal static class ReviewEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    public static IEndpointRouteBuilder MapReviews(this IEndpointRouteBuilder routes, IAuthorizer authorizer, BearerTokens tokens)
    {
        Map(routes, ReviewKinds.Access, (user, spec, stop) => AccessAsync(authorizer, user, spec, stop));
        Map(routes, ReviewKinds.SubjectAccess, (_, spec, stop) => AccessAsync(authorizer, SubjectOf(spec), spec, stop));
        Map(routes, ReviewKinds.Rules, (user, spec, stop) => RulesAsync(authorizer, user, spec.Text("namespace"), stop));
        Map(routes, ReviewKinds.Identity, (user, _, _) => ValueTask.FromResult(new JsonObject { ["userInfo"] = user.Describe() }));
        Map(routes, ReviewKinds.Token, (_, spec, stop) => tokens.ReviewAsync(spec, stop));
        return routes;
    }

    private static void Map(IEndpointRouteBuilder routes, ServedKind kind, Func<UserInfo, JsonObject, CancellationToken, ValueTask<JsonObject>> answer) =>
        routes.MapPost($"{kind.GroupPath}/{kind.Plural}", context => AnswerAsync(context, kind, answer));

    private static async Task AnswerAsync(HttpContext context, ServedKind kind, Func<UserInfo, JsonObject, CancellationToken, ValueTask<JsonObject>> answer)
    {
        JsonObject question = await RequestBody.ObjectAsync(context);
        var spec = question.Child("spec");
        var review = new JsonObject
        {
            ["kind"] = kind.Gvk.Kind,
            ["apiVersion"] = kind.Gvk.ApiVersion,
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
        };
        review["status"] = await answer(UserInfo.Of(context)!, spec ?? [], context.RequestAborted);
        // Whoever asks about a token knows it; nobody else needs to see it in an answer.
        spec?.Remove("token");
        if (spec is not null) review["spec"] = spec.DeepClone();
        await Answers.SendAsync(context, StatusCodes.Status201Created, review);
    }

    private static async ValueTask<JsonObject> AccessAsync(IAuthorizer authorizer, UserInfo user, JsonObject spec, CancellationToken stop)
    {
        if (user.Name.Length == 0 && user.Groups.Count == 0) throw Failures.BadRequest("spec: at least one of user or groups must be specified");
        AccessRequest request;
        if (spec.Child("resourceAttributes") is { } wanted)
        {
            request = new AccessRequest(user, wanted.Text("verb"))
            {
                Group = wanted.Text("group"), Resource = wanted.Text("resource"), Subresource = wanted.Text("subresource"),
                Namespace = wanted.Text("namespace"), Name = wanted.Text("name"),
            };
        }
        else if (spec.Child("nonResourceAttributes") is { } path)
        {
            request = new AccessRequest(user, path.Text("verb")) { Path = path.Text("path") };
        }
        else
        {
            throw Failures.BadRequest("spec: exactly one of resourceAttributes or nonResourceAttributes must be specified");
        }
        var decision = await authorizer.DecideAsync(TieredKinds.AsMeant(request), stop);
        return new JsonObject { ["allowed"] = decision.Allowed, ["reason"] = decision.Reason };
    }

    private static async ValueTask<JsonObject> RulesAsync(IAuthorizer authorizer, UserInfo user, string space, CancellationToken stop)
    {
        var rules = await authorizer.RulesAsync(user, space, stop);
        return new JsonObject
        {
            ["resourceRules"] = Array(rules.Where(rule => rule.Paths.IsEmpty)),
            ["nonResourceRules"] = Array(rules.Where(rule => !rule.Paths.IsEmpty)),
            ["incomplete"] = false,
        };
    }

    private static UserInfo SubjectOf(JsonObject spec) => new(spec.Text("user"), spec.Texts("groups")) { Uid = spec.Text("uid") };

    private static JsonArray Array(IEnumerable<AccessRule> rules) => new([.. rules.Select(rule => (JsonNode)rule.Write())]);
}
