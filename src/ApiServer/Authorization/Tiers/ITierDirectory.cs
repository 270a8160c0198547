using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Authorization.Tiers;

/// <summary>Which tiers there are, and which one an object is in.</summary>
internal interface ITierDirectory
{
    /// <summary>The names of all tiers.</summary>
    ValueTask<IReadOnlyList<string>> TiersAsync(CancellationToken stop);

    /// <summary>The tier of the policy that a request names; null when there is no such policy.</summary>
    ValueTask<string?> TierOfAsync(AccessRequest request, CancellationToken stop);
}

/// <summary>The tiers in storage, as they are now.</summary>
internal sealed class StoredTiers(IStorage storage, KindTable kinds) : ITierDirectory
{
    private readonly string _prefix = KeySpace.Collection(kinds.Find("projectcalico.org/v3", "Tier")!, "");

    public async ValueTask<IReadOnlyList<string>> TiersAsync(CancellationToken stop) =>
        [.. (await storage.ListAsync(new StorageQuery(_prefix), stop)).Items.Select(tier => tier.Key[_prefix.Length..])];

    public async ValueTask<string?> TierOfAsync(AccessRequest request, CancellationToken stop)
    {
        if (kinds.All.FirstOrDefault(k => k.Gvk.Group == request.Group && k.Plural == request.Resource) is not { } kind) return null;
        // A name in no namespace is the name of nothing, for kinds that live in namespaces.
        if (request.Name.Length == 0 || (kind.Namespaced && request.Namespace.Length == 0)) return null;
        return await storage.GetAsync(KeySpace.Of(kind, request.Namespace, request.Name), stop) is { } found
            ? TieredKinds.TierOf(kind, ObjectView.Of(found))
            : null;
    }
}

/// <summary>For where rights do not depend on tiers.</summary>
internal sealed class NoTiers : ITierDirectory
{
    public ValueTask<IReadOnlyList<string>> TiersAsync(CancellationToken stop) => new([]);

    public ValueTask<string?> TierOfAsync(AccessRequest request, CancellationToken stop) => new((string?)null);
}
