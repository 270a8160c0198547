using System.Text.Json.Nodes;
using Margay.ApiServer.Admission;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Rest;

/// <summary>
/// Deletes objects as Kubernetes does: at once when nothing holds them, and otherwise by stamping them, so that whoever
/// holds them lets go.
/// </summary>
internal sealed class ObjectDeletion(ObjectContext context)
{
    /// <returns>The object while it lingers, or a Status when it is gone.</returns>
    public async Task<byte[]> DeleteAsync(ObjectTarget target, DeleteOptions options, CancellationToken stop)
    {
        for (int attempt = 0; attempt < ObjectContext.Attempts; attempt++)
        {
            StoredObject stored = await context.Storage.GetAsync(target.Key, stop) ?? throw Failures.NotFound(target.Kind, target.Name);
            JsonObject document = ObjectView.Of(stored).Document();
            await context.Tiers.EnsureAsync(options.Access, target.Kind, document, stop);
            CheckPreconditions(target, document, options);
            await context.Admission.AdmitDeletionAsync(
                new AdmissionRequest { Kind = target.Kind, Namespace = target.Namespace, Name = target.Name, Document = document }, stop);
            string uid = document.Metadata().Text("uid");
            bool changed = Stamp(target, document, options);
            bool gone = DeletionState.IsOver(document);
            if (options.DryRun) return gone ? Success(target, uid) : StoredForm.Render(document);
            if (!gone && !changed) return ObjectView.Of(stored).Wire;
            StorageWrite write = gone ? StorageWrite.Delete(stored) : StorageWrite.Update(stored, StoredForm.Write(document));
            WriteResult result = await context.Storage.WriteAsync(write, stop);
            if (result.Committed) return gone ? Success(target, uid) : ObjectView.Of(result.Current!).Wire;
        }
        throw Failures.Modified(target.Kind, target.Name);
    }

    private static void CheckPreconditions(ObjectTarget target, JsonObject document, DeleteOptions options)
    {
        string uid = document.Metadata().Text("uid");
        string version = document.Metadata().Text("resourceVersion");
        if (options.Uid is { } wantUid && wantUid != uid)
        {
            throw Failures.Conflict(target.Kind, target.Name,
                $"Precondition failed: UID in precondition: {wantUid}, UID in object meta: {uid}");
        }
        if (options.ResourceVersion is { } wantVersion && wantVersion != version)
        {
            throw Failures.Conflict(target.Kind, target.Name,
                $"Precondition failed: ResourceVersion in precondition: {wantVersion}, ResourceVersion in object meta: {version}");
        }
    }

    /// <summary>Marks the object as going.</summary>
    /// <returns>Whether that changed anything.</returns>
    private bool Stamp(ObjectTarget target, JsonObject document, DeleteOptions options)
    {
        JsonObject before = document.Copy();
        JsonObject metadata = document.Metadata();
        var finalizers = metadata.Texts("finalizers").ToList();
        if (options.Propagation is { } propagation)
        {
            finalizers.RemoveAll(f => f is DeletionState.OrphanFinalizer or DeletionState.ForegroundFinalizer);
            if (propagation == "Orphan") finalizers.Add(DeletionState.OrphanFinalizer);
            if (propagation == "Foreground") finalizers.Add(DeletionState.ForegroundFinalizer);
            metadata.SetTexts("finalizers", finalizers);
        }
        long grace = DeletionState.GraceOf(target.Kind, document, options.GracePeriodSeconds);
        // A second request may shorten the time that is left, never lengthen it.
        if (!DeletionState.IsDeleting(document) || grace < (metadata.Whole("deletionGracePeriodSeconds") ?? 0))
        {
            metadata["deletionTimestamp"] = ObjectContext.Stamp(context.Time.GetUtcNow().AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
            if (!DeletionState.IsDeleting(before)) Generations.Raise(target.Kind, metadata);
        }
        if (target.Kind.Gvk is { Group: "", Kind: "Namespace" }) document.Ensure("status")["phase"] = "Terminating";
        return !JsonNode.DeepEquals(before, document);
    }

    private static byte[] Success(ObjectTarget target, string uid)
    {
        var details = new JsonObject { ["name"] = target.Name };
        if (target.Kind.Gvk.Group.Length > 0) details["group"] = target.Kind.Gvk.Group;
        details["kind"] = target.Kind.Plural;
        details["uid"] = uid;
        return StoredForm.Render(new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        });
    }
}
