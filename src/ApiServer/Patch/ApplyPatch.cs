using System.Text.Json.Nodes;
using Margay.ApiServer.Apply;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Patch;

/// <summary>Server-side apply: the fields that a manager wants, merged with what the others have.</summary>
internal sealed class ApplyPatch(JsonObject configuration, TypeSchema type, ApplySettings settings) : Patch
{
    public override bool MayCreate => true;

    public override bool KeepsBook => true;

    public override JsonObject Apply(JsonObject current)
    {
        JsonObject? live = current.Count == 0 ? null : current;
        var request = new ApplyRequest(settings.Manager, configuration.Copy(), type, settings.Subresource, settings.Force, settings.Now);
        ApplyResult result = FieldOwnership.Apply(live, request);
        if (result.Conflicts.Count == 0) return result.Value;
        string count = result.Conflicts.Count == 1 ? "1 conflict" : $"{result.Conflicts.Count} conflicts";
        var causes = new JsonArray();
        foreach (ApplyConflict conflict in result.Conflicts)
            causes.Add(new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = conflict.Message, ["field"] = conflict.Field });
        string list = string.Join("\n", result.Conflicts.Select(c => $"{c.Message}: {c.Field}"));
        throw new ApiException(409, "Conflict", $"Apply failed with {count}: {list}", new JsonObject { ["causes"] = causes });
    }
}

/// <summary>How a configuration is applied.</summary>
/// <param name="Manager">Who applies.</param>
/// <param name="Force">Whether to take fields over from other managers.</param>
/// <param name="Subresource">The subresource; empty for the object itself.</param>
/// <param name="Now">The time of the request.</param>
internal readonly record struct ApplySettings(string Manager, bool Force, string Subresource, DateTimeOffset Now);
