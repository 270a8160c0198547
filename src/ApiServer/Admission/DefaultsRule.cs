using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.Model.Validation;

namespace Margay.ApiServer.Admission;

/// <summary>
/// Fills in the model's defaults. Only what they add or change goes into the document: a round trip through the type would
/// lose what the type does not have.
/// </summary>
internal sealed class DefaultsRule : IAdmissionRule
{
    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop)
    {
        bool has = (request.Kind.Gvk.Group, request.Kind.Gvk.Kind) is
            ("projectcalico.org", not ("IPAMBlock" or "IPAMHandle" or "BlockAffinity")) or ("networking.k8s.io", "NetworkPolicy");
        if (!has || TypedForm.Read(request.Kind, request.Document) is not { } typed) return ValueTask.CompletedTask;
        byte[] before = TypedForm.Write(request.Kind, typed);
        ResourceDefaults.Apply(typed);
        byte[] after = TypedForm.Write(request.Kind, typed);
        // Who has written everything, or gets back what was completed before, needs no trees.
        if (!before.AsSpan().SequenceEqual(after))
            Transfer((JsonObject)DocumentParser.Parse(before)!, (JsonObject)DocumentParser.Parse(after)!, request.Document);
        return ValueTask.CompletedTask;
    }

    private static void Transfer(JsonObject before, JsonObject after, JsonObject document)
    {
        foreach (var (name, value) in after)
        {
            JsonNode? had = before[name];
            if (JsonNode.DeepEquals(had, value)) continue;
            switch (had, value, document[name])
            {
                case (JsonObject oldChild, JsonObject newChild, JsonObject into):
                    Transfer(oldChild, newChild, into);
                    break;
                case (JsonArray oldList, JsonArray newList, JsonArray into) when oldList.Count == newList.Count && into.Count == newList.Count:
                    Transfer(oldList, newList, into);
                    break;
                default:
                    document[name] = value?.DeepClone();
                    break;
            }
        }
    }

    private static void Transfer(JsonArray before, JsonArray after, JsonArray document)
    {
        for (int i = 0; i < after.Count; i++)
        {
            if (JsonNode.DeepEquals(before[i], after[i])) continue;
            if (before[i] is JsonObject old && after[i] is JsonObject fresh && document[i] is JsonObject into) Transfer(old, fresh, into);
            else document[i] = after[i]?.DeepClone();
        }
    }
}
