using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;

namespace Margay.ApiServer.Admission;

/// <summary>What Kubernetes fills into a new pod as far as networking and its tools look at it.</summary>
internal sealed class PodRule : IAdmissionRule
{
    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop)
    {
        if (!request.Is("v1", "Pod") || !request.IsCreate) return ValueTask.CompletedTask;
        JsonObject spec = request.Document.Ensure("spec");
        spec["serviceAccountName"] ??= spec.Text("serviceAccount") is { Length: > 0 } old ? old : "default";
        spec["restartPolicy"] ??= "Always";
        spec["terminationGracePeriodSeconds"] ??= 30;
        spec["dnsPolicy"] ??= "ClusterFirst";
        request.Document["status"] = new JsonObject { ["phase"] = "Pending" };
        return ValueTask.CompletedTask;
    }
}
