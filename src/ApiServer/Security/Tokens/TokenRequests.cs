using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Security.Tokens;

/// <summary>Answers requests for tokens (authentication.k8s.io/v1 TokenRequest).</summary>
internal sealed class TokenRequests(TokenIssuer issuer, TokenObjects objects, TokenSettings settings, TimeProvider time)
{
    private const string ApiVersion = "authentication.k8s.io/v1";
    private const string Kind = "TokenRequest";

    /// <summary>The request with its answer in the status.</summary>
    public async ValueTask<JsonObject> AnswerAsync(ServiceAccountName account, JsonObject asked, CancellationToken stop)
    {
        if (asked.Text("kind") is not ("" or Kind)) throw Failures.BadRequest($"the body must be a {Kind}, not {asked.Text("kind")}");
        JsonObject spec = asked.Child("spec") ?? [];
        if (asked.Child("metadata").Text("name") is { Length: > 0 } other && other != account.Name)
            throw Failures.BadRequest($"the name of the object ({other}) does not match the name on the URL ({account.Name})");
        JsonObject found = await objects.FindAsync("ServiceAccount", account.Namespace, account.Name, stop) ?? throw objects.Missing("ServiceAccount", account.Name);
        if (found.Metadata()["deletionTimestamp"] is not null) throw objects.Changed("ServiceAccount", account.Name, "it is being deleted");
        TimeSpan life = LifeOf(account, spec);
        string[] audiences = spec.Texts("audiences") is { Count: > 0 } given ? [.. given] : [.. settings.Audiences];
        IReadOnlyList<BoundObject> bound = await BoundAsync(account, spec.Child("boundObjectRef"), stop);
        var (token, ends) = issuer.Issue(account, found.Metadata().Text("uid"), bound, audiences, life);
        var answered = new JsonObject { ["audiences"] = new JsonArray([.. audiences.Select(a => (JsonNode)a)]), ["expirationSeconds"] = (long)life.TotalSeconds };
        if (spec.Child("boundObjectRef") is { } reference) answered["boundObjectRef"] = reference.DeepClone();
        return new JsonObject
        {
            ["kind"] = Kind,
            ["apiVersion"] = ApiVersion,
            ["metadata"] = new JsonObject { ["name"] = account.Name, ["namespace"] = account.Namespace, ["creationTimestamp"] = ObjectContext.Stamp(time.GetUtcNow()) },
            ["spec"] = answered,
            ["status"] = new JsonObject { ["token"] = token, ["expirationTimestamp"] = ObjectContext.Stamp(ends) },
        };
    }

    private static TimeSpan LifeOf(ServiceAccountName account, JsonObject spec)
    {
        if (spec["expirationSeconds"] is null) return TokenSettings.Usual;
        if (spec.Whole("expirationSeconds") is not { } seconds || seconds < TokenSettings.Shortest.TotalSeconds || seconds > 1L << 32)
        {
            throw Failures.Invalid("authentication.k8s.io", Kind, account.Name, [new FieldError("FieldValueInvalid", "spec.expirationSeconds",
                $"Invalid value: {spec["expirationSeconds"]!.ToJsonString()}: must be a whole number from {TokenSettings.Shortest.TotalSeconds} (10 minutes) to {1L << 32}")]);
        }
        return TimeSpan.FromSeconds(Math.Min(seconds, TokenSettings.Longest.TotalSeconds));
    }

    private async ValueTask<IReadOnlyList<BoundObject>> BoundAsync(ServiceAccountName account, JsonObject? reference, CancellationToken stop)
    {
        if (reference is null) return [];
        string kind = reference.Text("kind"), name = reference.Text("name");
        if (reference.Text("apiVersion") != "v1" || !BoundObject.Claims.ContainsKey(kind))
            throw Failures.BadRequest($"cannot bind token to object of type {reference.Text("apiVersion")}, Kind={kind}: supported are v1 Pod, Secret and Node");
        JsonObject found = await objects.FindAsync(kind, kind == "Node" ? "" : account.Namespace, name, stop) ?? throw objects.Missing(kind, name);
        string uid = found.Metadata().Text("uid");
        if (reference.Text("uid") is { Length: > 0 } wanted && wanted != uid)
            throw objects.Changed(kind, name, $"the UID in the bound object reference ({wanted}) does not match the UID in record ({uid})");
        if (kind != "Pod") return [new BoundObject(kind, name, uid)];
        JsonObject? spec = found.Child("spec");
        string runsAs = spec.Text("serviceAccountName") is { Length: > 0 } named ? named : "default";
        if (runsAs != account.Name) throw Failures.BadRequest($"cannot bind token for serviceaccount \"{account.Name}\" to pod running with different serviceaccount name \"{runsAs}\"");
        var bound = new List<BoundObject> { new(kind, name, uid) };
        if (spec.Text("nodeName") is { Length: > 0 } node)
            bound.Add(new BoundObject("Node", node, (await objects.FindAsync("Node", "", node, stop))?.Metadata().Text("uid") ?? ""));
        return bound;
    }
}
