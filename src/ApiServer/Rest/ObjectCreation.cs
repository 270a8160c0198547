using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Margay.ApiServer.Admission;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Rest;

/// <summary>Makes new objects.</summary>
internal sealed class ObjectCreation(ObjectContext context)
{
    // Without vowels and look-alikes, so that no words and no confusions come up.
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private const int LongestGeneratedBase = 58;

    /// <returns>The object as clients get it.</returns>
    public async Task<byte[]> CreateAsync(ServedKind kind, string space, JsonObject document, WriteOptions options, CancellationToken stop)
    {
        Identity.Agree(document, kind, space);
        JsonObject metadata = document.Metadata();
        if (metadata.Text("resourceVersion") is { Length: > 0 })
            throw Failures.BadRequest("resourceVersion should not be set on objects to be created");
        string prefix = metadata.Text("name").Length > 0 ? "" : metadata.Text("generateName");
        if (prefix.Length == 0 && metadata.Text("name").Length == 0)
        {
            throw Failures.Invalid(kind, "",
                [new FieldError("FieldValueRequired", "metadata.name", "Required value: name or generateName is required")]);
        }
        await context.Tiers.EnsureAsync(options.Access, kind, document, stop);
        Stamp(kind, document);
        if (!options.KeepsBook) metadata.Remove("managedFields");
        for (int attempt = 0; attempt < ObjectContext.Attempts; attempt++)
        {
            if (prefix.Length > 0) metadata["name"] = Generate(prefix);
            string name = metadata.Text("name");
            JsonObject made = document.Copy();
            var request = new AdmissionRequest { Kind = kind, Namespace = space, Name = name, Document = made, User = options.Access?.User };
            await context.Admission.AdmitAsync(request, stop);
            string key = KeySpace.Of(kind, space, name);
            if (options.DryRun)
            {
                if (await context.Storage.GetAsync(key, stop) is null) return StoredForm.Render(made);
            }
            else
            {
                var write = new StorageWrite(key, 0, StoredForm.Write(made), request.Guards);
                WriteResult result = await context.Storage.WriteAsync(write, stop);
                if (result.Committed) return ObjectView.Of(result.Current!).Wire;
                // Neither there nor written: a guard has changed, and the rules decide again.
                if (result.Current is null) continue;
            }
            if (prefix.Length == 0) throw Failures.AlreadyExists(kind, name);
        }
        throw Failures.Unavailable("the object could not be created because other changes were always faster; try again");
    }

    private void Stamp(ServedKind kind, JsonObject document)
    {
        JsonObject metadata = document.Metadata();
        foreach (string field in (string[])["resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"])
            metadata.Remove(field);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = context.Now();
        if (Generations.Counts(kind)) metadata["generation"] = 1;
        // A node's first status comes with it; everything else reports later, under the status path.
        if (kind.HasStatus && kind.Gvk.Kind != "Node") document.Remove("status");
    }

    private static string Generate(string prefix)
    {
        string kept = prefix.Length > LongestGeneratedBase ? prefix[..LongestGeneratedBase] : prefix;
        return kept + RandomNumberGenerator.GetString(SuffixAlphabet, SuffixLength);
    }
}
