using System.Text.Json.Nodes;
using Margay.ApiServer.Audit;
using Margay.ApiServer.Patch;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Rest;

/// <summary>Answers create, update, patch, and the binding of pods.</summary>
internal sealed class WriteEndpoint(
    ObjectContext context, ObjectCreation creation, ObjectUpdate update, Patches patches, FieldValidation fields)
{
    public async Task CreateAsync(ObjectRequest request)
    {
        JsonObject document = await ReadAsync(request);
        byte[] made = await creation.CreateAsync(request.Kind, request.Namespace, document, Options(request), request.Stop);
        if (AuditTrail.Of(request.Http) is { } trail) trail.CreatedName = document.Metadata().Text("name");
        await Presentation.SendObjectAsync(request, 201, made, context.Time);
    }

    public async Task UpdateAsync(ObjectRequest request, ObjectPart part)
    {
        JsonObject document = await ReadAsync(request);
        byte[] changed = await update.UpdateAsync(request.Target(part), _ => document.Copy(), Options(request), request.Stop);
        await Presentation.SendObjectAsync(request, 200, changed, context.Time);
    }

    public async Task PatchAsync(ObjectRequest request, ObjectPart part)
    {
        var apply = new ApplySettings(request.Query["fieldManager"].ToString(), QueryValues.Flag(request.Query, "force") == true,
            part == ObjectPart.Status ? "status" : "", context.Time.GetUtcNow());
        Patch.Patch patch = patches.Read(request.Kind, RequestBody.MediaType(request.Http), await RequestBody.ReadAsync(request.Http), apply);
        WriteOptions options = Options(request) with { KeepsBook = patch.KeepsBook };
        var warned = false;
        JsonObject Change(JsonObject current)
        {
            JsonObject next = patch.Apply(current);
            // The change may be made several times; what is to be said about it is said once.
            if (!warned) fields.Apply(request, next, []);
            warned = true;
            return next;
        }
        // A status belongs to an object that is there.
        if (patch.MayCreate && part == ObjectPart.Main && await context.Storage.GetAsync(request.Target().Key, request.Stop) is null)
        {
            JsonObject fresh = Change([]);
            Identity.AgreeName(fresh, request.Name);
            await context.Tiers.EnsureCreationAsync(request.Access, request.Kind, fresh, request.Stop);
            byte[] made = await creation.CreateAsync(request.Kind, request.Namespace, fresh, options, request.Stop);
            await Presentation.SendObjectAsync(request, 201, made, context.Time);
            return;
        }
        byte[] changed = await update.UpdateAsync(request.Target(part), Change, options, request.Stop);
        await Presentation.SendObjectAsync(request, 200, changed, context.Time);
    }

    /// <summary>Puts a pod on a node (v1 Binding).</summary>
    public async Task BindAsync(ObjectRequest request)
    {
        JsonObject binding = await RequestBody.ObjectAsync(request.Http);
        string node = binding.Child("target").Text("name");
        if (node.Length == 0) throw Failures.BadRequest("target.name: Required value");
        await update.UpdateAsync(request.Target(), pod =>
        {
            JsonObject spec = pod.Ensure("spec");
            if (spec.Text("nodeName") is { Length: > 0 } already)
                throw Failures.Conflict(request.Kind, request.Name, $"pod {request.Name} is already assigned to node \"{already}\"");
            spec["nodeName"] = node;
            return pod;
        }, Options(request), request.Stop);
        var done = new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 };
        await Answers.SendAsync(request.Http, 201, done, request.Form.Yaml);
    }

    private async Task<JsonObject> ReadAsync(ObjectRequest request)
    {
        var duplicates = new List<string>();
        JsonObject document = await RequestBody.ObjectAsync(request.Http, duplicates);
        fields.Apply(request, document, duplicates);
        return document;
    }

    /// <summary>A program that does not say what it is called is called by its user agent, up to the slash.</summary>
    private static string Program(HttpContext http)
    {
        string agent = http.Request.Headers.UserAgent.ToString();
        int slash = agent.IndexOf('/', StringComparison.Ordinal);
        agent = slash < 0 ? agent : agent[..slash];
        return agent.Length is > 0 and <= 128 ? agent : "unknown";
    }

    private static WriteOptions Options(ObjectRequest request) => new()
    {
        Access = request.Access,
        DryRun = QueryValues.DryRun(request.Query["dryRun"]),
        Manager = request.Query["fieldManager"].ToString() is { Length: > 0 } manager ? manager : Program(request.Http),
    };
}
