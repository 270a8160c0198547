using System.Text.Json.Nodes;

namespace Margay.ApiServer.Rest;

/// <summary>Answers delete and deletecollection.</summary>
internal sealed class DeleteEndpoint(ObjectContext context, ObjectDeletion deletion, ListReader lists)
{
    private static readonly string[] Propagations = ["Background", "Foreground", "Orphan"];

    public async Task DeleteAsync(ObjectRequest request)
    {
        DeleteOptions options = await OptionsAsync(request);
        byte[] answer = await deletion.DeleteAsync(request.Target(), options, request.Stop);
        await Presentation.SendObjectAsync(request, 200, answer, context.Time);
    }

    /// <summary>Deletes what is selected, as it was at the start; what comes later stays.</summary>
    public async Task DeleteCollectionAsync(ObjectRequest request)
    {
        DeleteOptions options = await OptionsAsync(request);
        ListOptions selected = await ListOptions.Parse(request.Kind, request.Query, "").RestrictAsync(request, context.Tiers);
        ListResult list = await lists.ListAsync(request.Kind, request.Namespace, selected, request.Stop);
        foreach (ObjectView item in list.Items)
        {
            JsonObject metadata = item.Document().Metadata();
            var target = new ObjectTarget(request.Kind, metadata.Text("namespace"), metadata.Text("name"));
            try
            {
                await deletion.DeleteAsync(target, options with { Uid = metadata.Text("uid") }, request.Stop);
            }
            catch (ApiException e) when (e.Code is 404 or 409 || e.IsRefusal)
            {
                // Gone already, another object of that name by now, or moved out of reach: in any case not one of the listed.
                continue;
            }
        }
        await Presentation.SendListAsync(request, list, context.Time);
    }

    private static async Task<DeleteOptions> OptionsAsync(ObjectRequest request)
    {
        byte[] body = await RequestBody.ReadAsync(request.Http);
        JsonObject? given = body.Length == 0 ? null : RequestBody.Parse(body, RequestBody.MediaType(request.Http)) as JsonObject;
        if (given is not null && given.Text("kind") is not ("" or "DeleteOptions"))
            throw Failures.BadRequest($"the body of a deletion must be DeleteOptions, not {given.Text("kind")}");
        string propagation = First(request.Query["propagationPolicy"].ToString(), given.Text("propagationPolicy"));
        if (propagation.Length == 0 && (given.Flag("orphanDependents") || QueryValues.Flag(request.Query, "orphanDependents") == true))
            propagation = "Orphan";
        if (propagation.Length > 0 && !Propagations.Contains(propagation))
        {
            throw Failures.Invalid("meta.k8s.io", "DeleteOptions", "", [new("FieldValueNotSupported", "propagationPolicy",
                $"Unsupported value: \"{propagation}\": supported values: {string.Join(", ", Propagations.Select(p => $"\"{p}\""))}")]);
        }
        JsonObject? preconditions = given.Child("preconditions");
        return new DeleteOptions
        {
            Access = request.Access,
            DryRun = QueryValues.DryRun([.. request.Query["dryRun"], .. given.Texts("dryRun")]),
            GracePeriodSeconds = QueryValues.Whole(request.Query, "gracePeriodSeconds") ?? given.Whole("gracePeriodSeconds"),
            Propagation = propagation.Length > 0 ? propagation : null,
            Uid = preconditions.Text("uid") is { Length: > 0 } uid ? uid : null,
            ResourceVersion = preconditions.Text("resourceVersion") is { Length: > 0 } version ? version : null,
        };
    }

    private static string First(string left, string right) => left.Length > 0 ? left : right;
}
