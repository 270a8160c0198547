using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Admission;

/// <summary>BGP sessions name filters that exist: one that does not would let every route through.</summary>
internal sealed class PeerRule(IStorage storage, KindTable kinds) : IAdmissionRule
{
    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop)
    {
        if (!request.Is("projectcalico.org/v3", "BGPPeer") || kinds.Find("projectcalico.org/v3", "BGPFilter") is not { } filters) return;
        string[] names = [.. request.Document.Child("spec").Texts("filters")];
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i].Length > 0 && await storage.GetAsync(KeySpace.Of(filters, "", names[i]), stop) is null)
                request.Errors.Add(new FieldError("FieldValueNotFound", $"spec.filters[{i}]", $"Not found: \"{names[i]}\"; make that BGPFilter first"));
        }
    }
}
