using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Security;

namespace Margay.ApiServer.Authorization.Tiers;

/// <summary>
/// Rights by tier. Whoever does something with a policy needs <c>get</c> on its tier, and the verb on the resource with
/// <c>tier.</c> in front (<c>tier.networkpolicies</c>) under one of three names: the policy's, the tier's with <c>.*</c> behind
/// it, or both (<c>security.allow-dns</c>). Rights on the plain resource count for nothing here. Everything else, and the
/// rights themselves, is the business of the authorizer below, which may be asked over the network.
/// </summary>
internal sealed class TierAuthorizer(IAuthorizer authorizer, ITierDirectory directory) : IAuthorizer
{
    private const string Prefix = TieredKinds.Prefix;
    private const string AnyName = ".*";

    /// <summary>
    /// Whether a request may go on. About a policy that is there: by its tier. About anything else of such a kind: when it is
    /// allowed in some tier; what it touches is decided where that is known.
    /// </summary>
    /// <inheritdoc/>
    public async ValueTask<AccessDecision> DecideAsync(AccessRequest request, CancellationToken stop)
    {
        if (!TieredKinds.Has(request.Group, request.Resource)) return await authorizer.DecideAsync(request, stop);
        if (request.Verb is not ("list" or "watch") && await directory.TierOfAsync(request, stop) is { } tier) return await InTierAsync(request, tier, stop);
        if (await EverywhereAsync(request, stop) is { Allowed: true } everywhere) return everywhere;
        foreach (string name in await directory.TiersAsync(stop))
        {
            if (await InTierAsync(request, name, stop) is { Allowed: true } somewhere) return somewhere;
        }
        return new AccessDecision(false, $"no tier lets user \"{request.User.Name}\" {request.Verb} {Prefix}{request.Resource}");
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AccessRule>> RulesAsync(UserInfo user, string space, CancellationToken stop) => authorizer.RulesAsync(user, space, stop);

    /// <summary>Whether a request may touch what is in one tier.</summary>
    /// <param name="request">The request, about the plain resource.</param>
    /// <param name="tier">The tier.</param>
    /// <param name="stop">Ends with the request.</param>
    public async ValueTask<AccessDecision> InTierAsync(AccessRequest request, string tier, CancellationToken stop)
    {
        if (!(await authorizer.DecideAsync(TierItself(request, tier), stop)).Allowed) return new AccessDecision(false, Denial(request, tier) + " (user cannot get tier)");
        foreach (string name in Names(request.Name, tier))
        {
            if (await authorizer.DecideAsync(Tiered(request) with { Name = name }, stop) is { Allowed: true } allowed) return allowed;
        }
        return new AccessDecision(false, Denial(request, tier));
    }

    /// <summary>Whether a request may touch every tier, those that do not exist yet too: by rules without names.</summary>
    public async ValueTask<AccessDecision> EverywhereAsync(AccessRequest request, CancellationToken stop) =>
        await authorizer.DecideAsync(TierItself(request, ""), stop) is { Allowed: false } no ? no : await authorizer.DecideAsync(Tiered(request), stop);

    /// <summary>The names of all tiers.</summary>
    public ValueTask<IReadOnlyList<string>> TiersAsync(CancellationToken stop) => directory.TiersAsync(stop);

    /// <summary>Refuses to touch an object in a tier that its user has no right in.</summary>
    /// <param name="request">What is asked for; null when the server itself does it.</param>
    /// <param name="kind">The object's kind.</param>
    /// <param name="document">The object.</param>
    /// <param name="stop">Ends with the request.</param>
    public ValueTask EnsureAsync(AccessRequest? request, ServedKind kind, JsonObject document, CancellationToken stop) =>
        request is null || !TieredKinds.Has(kind) ? ValueTask.CompletedTask : EnsureAsync(request, TieredKinds.TierOf(document), stop);

    /// <summary>Refuses to touch what is in a tier.</summary>
    public async ValueTask EnsureAsync(AccessRequest request, string tier, CancellationToken stop)
    {
        if (await InTierAsync(request, tier, stop) is { Allowed: false } refused) throw request.Refusal(refused.Reason);
    }

    /// <summary>Refuses to make an object by a request that usually changes one, without the right to create it.</summary>
    public async ValueTask EnsureCreationAsync(AccessRequest request, ServedKind kind, JsonObject document, CancellationToken stop)
    {
        AccessRequest creation = request with { Verb = "create" };
        if (TieredKinds.Has(kind)) await EnsureAsync(creation, kind, document, stop);
        else if (!(await authorizer.DecideAsync(creation, stop)).Allowed) throw creation.Refusal();
    }

    private static AccessRequest TierItself(AccessRequest request, string tier) =>
        request with { Verb = "get", Resource = "tiers", Subresource = "", Namespace = "", Name = tier };

    private static AccessRequest Tiered(AccessRequest request) => request with { Resource = Prefix + request.Resource };

    private static IEnumerable<string> Names(string name, string tier)
    {
        // No object is called so; asked for, it must not pass for a right on the whole of another tier.
        if (!name.EndsWith(AnyName, StringComparison.Ordinal)) yield return name;
        yield return tier + AnyName;
        if (name.Length > 0 && !name.StartsWith(tier + ".", StringComparison.Ordinal)) yield return $"{tier}.{name}";
    }

    private static string Denial(AccessRequest request, string tier)
    {
        string where = request.Namespace.Length == 0 ? "" : $" and namespace \"{request.Namespace}\"";
        return $"User \"{request.User.Name}\" cannot {request.Verb} {request.FullResource}.{request.Group} in tier \"{tier}\"{where}";
    }
}
