using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Selection;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Authorization.Tiers;

/// <summary>What one list, watch or collective deletion may touch of a kind that lives in tiers.</summary>
internal sealed class VisibleTiers
{
    private readonly TierAuthorizer _authorizer;
    private readonly AccessRequest _request;
    private readonly bool _named;
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);
    private bool _everywhere;

    private VisibleTiers(TierAuthorizer authorizer, AccessRequest request, bool named) => (_authorizer, _request, _named) = (authorizer, request, named);

    /// <summary>Whether nothing is left out.</summary>
    public bool Everything => _everywhere;

    /// <summary>
    /// Decides. Who names tiers in the selector needs rights in each of them; who names none gets those where they have rights,
    /// and is refused when there are none.
    /// </summary>
    /// <param name="authorizer">Says who may do what.</param>
    /// <param name="request">The request.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="selector">The selector.</param>
    /// <param name="stop">Ends with the request.</param>
    /// <returns>Null for kinds without tiers.</returns>
    public static async ValueTask<VisibleTiers?> OfAsync(
        TierAuthorizer authorizer, AccessRequest request, ServedKind kind, Selector selector, CancellationToken stop)
    {
        if (!TieredKinds.Has(kind)) return null;
        IReadOnlyCollection<string>? named = Named(selector);
        var visible = new VisibleTiers(authorizer, request, named is not null);
        foreach (string tier in named ?? [])
        {
            await authorizer.EnsureAsync(request, tier, stop);
            visible._known[tier] = true;
        }
        if (named is not null) return visible;
        visible._everywhere = (await authorizer.EverywhereAsync(request, stop)).Allowed;
        if (visible._everywhere) return visible;
        foreach (string tier in await authorizer.TiersAsync(stop)) visible._known[tier] = (await authorizer.InTierAsync(request, tier, stop)).Allowed;
        return visible._known.ContainsValue(true) ? visible
            : throw request.Refusal($"User \"{request.User.Name}\" cannot {request.Verb} {request.Resource}.{request.Group} in any tier");
    }

    /// <summary>Whether an object is among it.</summary>
    public bool Sees(ServedKind kind, ObjectView view) => _everywhere || _known.GetValueOrDefault(TieredKinds.TierOf(kind, view));

    /// <summary>Decides again, also about tiers that came in between.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="events">What is to be told next.</param>
    /// <param name="stop">Ends with the request.</param>
    /// <returns>False when rights have changed: what was told before is not what this user may see now.</returns>
    public async ValueTask<bool> RefreshAsync(ServedKind kind, IReadOnlyList<StorageEvent> events, CancellationToken stop)
    {
        if (!_named && _everywhere != (await _authorizer.EverywhereAsync(_request, stop)).Allowed) return false;
        if (_everywhere) return true;
        foreach (var (tier, was) in _known)
        {
            if ((await _authorizer.InTierAsync(_request, tier, stop)).Allowed != was) return false;
        }
        if (_named) return true;
        foreach (string tier in events.SelectMany(change => Tiers(kind, change)))
        {
            if (!_known.ContainsKey(tier)) _known[tier] = (await _authorizer.InTierAsync(_request, tier, stop)).Allowed;
        }
        return true;
    }

    private static IEnumerable<string> Tiers(ServedKind kind, StorageEvent change) =>
        new[] { change.Current, change.Previous }.OfType<StoredObject>().Select(state => TieredKinds.TierOf(kind, ObjectView.Of(state)));

    /// <summary>The tiers that a selector restricts itself to; null when it says nothing that can be relied on.</summary>
    private static IReadOnlyCollection<string>? Named(Selector selector) =>
        selector.Fields.Pinned(TieredKinds.Field) is { } tier ? [tier] : selector.Labels.Values(TieredKinds.Label);
}
