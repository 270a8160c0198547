using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization.Tiers;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Admission;

/// <summary>
/// Policies live in a tier that exists, say which, and carry it as a label; tiers go only when they are empty, and the
/// three that Kubernetes' own policies need never.
/// </summary>
internal sealed class TierRule(IStorage storage, KindTable kinds) : IAdmissionRule
{
    private static readonly FrozenSet<string> BuiltIn = new[] { TieredKinds.DefaultTier, "kube-admin", "kube-baseline" }.ToFrozenSet();

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop)
    {
        if (!TieredKinds.Has(request.Kind)) return;
        JsonObject spec = request.Document.Ensure("spec");
        if (spec.Text("tier") is not { Length: > 0 } tier) spec["tier"] = tier = TieredKinds.DefaultTier;
        request.Document.Metadata().Ensure("labels")[TieredKinds.Label] = tier;
        if (request.Old.Child("spec").Text("tier") == tier) return;
        StoredObject? found = await storage.GetAsync(KeySpace.Of(Tiers, "", tier), stop);
        if (found is null) request.Errors.Add(new FieldError("FieldValueNotFound", "spec.tier", $"Not found: \"{tier}\""));
        else request.Guards.Add(new StorageGuard(found.Key, found.Revision));
    }

    public async ValueTask AdmitDeletionAsync(AdmissionRequest request, CancellationToken stop)
    {
        if (!request.Is("projectcalico.org/v3", "Tier")) return;
        if (BuiltIn.Contains(request.Name)) throw Failures.Forbidden(request.Kind, request.Name, "this tier may not be deleted");
        foreach (ServedKind kind in kinds.All.Where(TieredKinds.Has))
        {
            StoragePage policies = await storage.ListAsync(new StorageQuery(KeySpace.Collection(kind, "")), stop);
            int count = policies.Items.Count(p => TieredKinds.TierOf(kind, ObjectView.Of(p)) == request.Name);
            if (count > 0) throw Failures.Forbidden(request.Kind, request.Name, $"it is not empty: {count} {kind.Plural} are in it");
        }
    }

    private ServedKind Tiers => kinds.Find("projectcalico.org/v3", "Tier")!;
}
