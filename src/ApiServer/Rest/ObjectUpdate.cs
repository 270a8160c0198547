using System.Text.Json.Nodes;
using Margay.ApiServer.Admission;
using Margay.ApiServer.Apply;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Rest;

/// <summary>
/// Changes objects: reads, lets the caller make the next state from the current one, and writes it if nobody was faster.
/// Who names a resource version gets a conflict then; who does not has the change made again on the newer state.
/// </summary>
internal sealed class ObjectUpdate(ObjectContext context)
{
    /// <summary>Fields that only the server sets.</summary>
    private static readonly string[] Owned =
        ["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "namespace"];

    /// <param name="target">What to change.</param>
    /// <param name="change">Makes the next state; may be called again with a newer current state.</param>
    /// <param name="options">How.</param>
    /// <param name="stop">Ends with the request.</param>
    /// <returns>The object as clients get it.</returns>
    public async Task<byte[]> UpdateAsync(ObjectTarget target, Func<JsonObject, JsonObject> change, WriteOptions options, CancellationToken stop)
    {
        for (int attempt = 0; attempt < ObjectContext.Attempts; attempt++)
        {
            StoredObject stored = await context.Storage.GetAsync(target.Key, stop) ?? throw Failures.NotFound(target.Kind, target.Name);
            JsonObject old = ObjectView.Of(stored).Document();
            // Before the change: how it fails would tell what is in the object.
            await context.Tiers.EnsureAsync(options.Access, target.Kind, old, stop);
            JsonObject next = Prepare(target, old, change(old.Copy()));
            await context.Tiers.EnsureAsync(options.Access, target.Kind, next, stop);
            if (!options.KeepsBook) Note(target, old, next, options.Manager);
            var request = new AdmissionRequest
            {
                Kind = target.Kind, Namespace = target.Namespace, Name = target.Name, Document = next, Old = old, User = options.Access?.User,
            };
            await context.Admission.AdmitAsync(request, stop);
            if (!Generations.SameIntent(old, next)) Generations.Raise(target.Kind, next.Metadata());
            if (JsonNode.DeepEquals(old, next)) return ObjectView.Of(stored).Wire;
            if (options.DryRun) return StoredForm.Render(next);
            byte[]? value = DeletionState.IsOver(next) ? null : StoredForm.Write(next);
            WriteResult result = await context.Storage.WriteAsync(
                new StorageWrite(stored.Key, stored.Revision, value, request.Guards), stop);
            if (!result.Committed) continue;
            if (result.Current is { } written) return ObjectView.Of(written).Wire;
            next.Metadata()["resourceVersion"] = $"{result.Revision}";
            return StoredForm.Render(next);
        }
        throw Failures.Modified(target.Kind, target.Name);
    }

    /// <summary>Brings the book of who set what up to date, where there is one.</summary>
    private void Note(ObjectTarget target, JsonObject old, JsonObject next, string manager)
    {
        bool kept = old.Metadata().List("managedFields") is not null || next.Metadata().List("managedFields") is not null;
        if (!kept || context.Schemas.Value.Find(target.Kind.Gvk) is not { } type) return;
        FieldOwnership.Note(old, next, type, manager, target.Part == ObjectPart.Status ? "status" : "", context.Time.GetUtcNow());
    }

    /// <summary>What the client may not decide comes from the old state.</summary>
    private static JsonObject Prepare(ObjectTarget target, JsonObject old, JsonObject next)
    {
        Identity.Agree(next, target.Kind, target.Namespace);
        Identity.AgreeName(next, target.Name);
        JsonObject metadata = next.Metadata();
        string uid = metadata.Text("uid");
        string had = old.Metadata().Text("uid");
        if (uid.Length > 0 && uid != had)
            throw Failures.Conflict(target.Kind, target.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {had}");
        string version = metadata.Text("resourceVersion");
        if (version.Length > 0 && version != old.Metadata().Text("resourceVersion")) throw Failures.Modified(target.Kind, target.Name);
        if (target.Part != ObjectPart.Main) return OnlyPart(target.Part, old, next);
        foreach (string field in Owned) metadata.CopyFrom(old.Metadata(), field);
        metadata["resourceVersion"] = old.Metadata().Text("resourceVersion");
        metadata.Remove("selfLink");
        if (target.Kind.HasStatus) next.CopyFrom(old, "status");
        if (target.Kind.Gvk is { Group: "", Kind: "Namespace" }) next.Ensure("spec").CopyFrom(old.Ensure("spec"), "finalizers");
        return next;
    }

    private static JsonObject OnlyPart(ObjectPart part, JsonObject old, JsonObject next)
    {
        JsonObject kept = old.Copy();
        if (part == ObjectPart.Status) kept.CopyFrom(next, "status");
        if (part == ObjectPart.Status) kept.Metadata().CopyFrom(next.Metadata(), "managedFields");
        else kept.Ensure("spec").SetTexts("finalizers", [.. next.Child("spec").Texts("finalizers")]);
        return kept;
    }
}
