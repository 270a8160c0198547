using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;
using Margay.Foundation.Primitives;

namespace Margay.ApiServer.Admission;

/// <summary>No address is in two pools: who gave it out would not be known.</summary>
internal sealed class PoolRule(IStorage storage, KindTable kinds) : IAdmissionRule
{
    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop)
    {
        // The range of a pool cannot be changed later.
        if (!request.Is("projectcalico.org/v3", "IPPool") || !request.IsCreate) return;
        string text = request.Document.Child("spec").Text("cidr");
        if (!IpPrefix.TryParse(text, out IpPrefix cidr)) return;
        ServedKind pools = kinds.Find("projectcalico.org/v3", "IPPool")!;
        StoragePage page = await storage.ListAsync(new StorageQuery(KeySpace.Collection(pools, "")), stop);
        foreach (StoredObject other in page.Items)
        {
            var document = ObjectView.Of(other).Document();
            if (IpPrefix.TryParse(document.Child("spec").Text("cidr"), out IpPrefix taken) && (taken.Contains(cidr) || cidr.Contains(taken)))
            {
                request.Errors.Add(new FieldError(
                    "FieldValueInvalid", "spec.cidr",
                    $"Invalid value: \"{text}\": IPPool({request.Name}) CIDR overlaps with IPPool({document.Metadata().Text("name")}) CIDR {taken}"));
            }
        }
    }
}
