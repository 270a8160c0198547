using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Admission;

/// <summary>
/// Namespaced objects are made in namespaces that exist and are not going; the namespaces everything relies on stay. The
/// namespace's revision guards the write: one that starts to go in between makes the creation be decided anew.
/// </summary>
internal sealed class NamespaceRule(IStorage storage, KindTable kinds) : IAdmissionRule
{
    private static readonly FrozenSet<string> Immortal = new[] { "default", "kube-system", "kube-public" }.ToFrozenSet();

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken stop)
    {
        if (request.Is("v1", "Namespace")) Complete(request);
        if (!request.IsCreate || !request.Kind.Namespaced) return;
        StoredObject? found = await storage.GetAsync(KeySpace.Of(kinds.Namespaces, "", request.Namespace), stop);
        if (found is null) throw Failures.NotFound(kinds.Namespaces, request.Namespace);
        if (ObjectView.Of(found).IsDeleting)
        {
            throw Failures.Forbidden(request.Kind, request.Name,
                $"unable to create new content in namespace {request.Namespace} because it is being terminated", "NamespaceTerminating");
        }
        request.Guards.Add(new StorageGuard(found.Key, found.Revision));
    }

    public ValueTask AdmitDeletionAsync(AdmissionRequest request, CancellationToken stop) =>
        request.Is("v1", "Namespace") && Immortal.Contains(request.Name)
            ? throw Failures.Forbidden(request.Kind, request.Name, "this namespace may not be deleted")
            : ValueTask.CompletedTask;

    private static void Complete(AdmissionRequest request)
    {
        JsonObject document = request.Document;
        document.Metadata().Ensure("labels")["kubernetes.io/metadata.name"] = request.Name;
        if (!request.IsCreate) return;
        document.Ensure("spec")["finalizers"] = new JsonArray("kubernetes");
        document.Ensure("status")["phase"] = "Active";
    }
}
