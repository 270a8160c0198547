using System.Collections.Frozen;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Selection;

/// <summary>Which fields selectors may name, kind by kind.</summary>
internal static class SelectableFields
{
    private static readonly string[] Common = ["metadata.name", "metadata.namespace"];

    private static readonly FrozenDictionary<string, string[]> Additional = new Dictionary<string, string[]>
    {
        ["v1/Pod"] = ["spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
                      "status.phase", "status.podIP", "status.nominatedNodeName"],
        ["v1/Namespace"] = ["status.phase"],
        ["v1/Node"] = ["spec.unschedulable"],
        ["v1/Secret"] = ["type"],
        ["v1/Service"] = ["spec.clusterIP", "spec.type"],
        ["v1/Event"] = ["involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
                        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath",
                        "reason", "reportingComponent", "source", "type"],
        ["projectcalico.org/v3/NetworkPolicy"] = ["spec.tier"],
        ["projectcalico.org/v3/GlobalNetworkPolicy"] = ["spec.tier"],
        ["projectcalico.org/v3/StagedNetworkPolicy"] = ["spec.tier"],
        ["projectcalico.org/v3/StagedGlobalNetworkPolicy"] = ["spec.tier"],
    }.ToDictionary(p => p.Key, p => (string[])[.. Common, .. p.Value]).ToFrozenDictionary();

    public static IReadOnlyCollection<string> Of(ServedKind kind) => Additional.GetValueOrDefault($"{kind.Gvk.ApiVersion}/{kind.Gvk.Kind}") ?? Common;
}
