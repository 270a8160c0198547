using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Rest;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Audit;

/// <summary>Writes one event (audit.k8s.io/v1 Event).</summary>
internal static class AuditEvent
{
    public static JsonObject Write(HttpContext http, AuditTrail trail, AuditRule rule, string stage, DateTimeOffset now)
    {
        AccessRequest asked = trail.Asked!;
        var written = new JsonObject
        {
            ["kind"] = "Event",
            ["apiVersion"] = "audit.k8s.io/v1",
            ["level"] = rule.Level.ToString(),
            ["auditID"] = trail.Id,
            ["stage"] = stage,
            ["requestURI"] = $"{http.Request.Path}{http.Request.QueryString}",
            ["verb"] = asked.Verb,
            ["user"] = asked.User.Name.Length == 0 ? new JsonObject() : asked.User.Describe(),
        };
        if (trail.ActsAs is { } other) written["impersonatedUser"] = other.Describe();
        written["sourceIPs"] = new JsonArray($"{http.Connection.RemoteIpAddress}");
        if (http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent) written["userAgent"] = agent;
        if (asked.Resource.Length > 0) written["objectRef"] = Reference(trail, asked);
        if (stage != AuditStage.RequestReceived) written["responseStatus"] = Status(http, trail, asked);
        if (rule.Level >= AuditLevel.Request && trail.RequestObject is { } sent) written["requestObject"] = Object(sent.DeepClone(), rule);
        if (rule.Level == AuditLevel.RequestResponse && trail.Response is { } answer && stage != AuditStage.RequestReceived)
            written["responseObject"] = Object(DocumentParser.Parse(answer), rule);
        written["requestReceivedTimestamp"] = Stamp(trail.Received);
        written["stageTimestamp"] = Stamp(now);
        if (trail.Annotations.Count == 0) return written;
        var annotations = new JsonObject();
        foreach (var (key, value) in trail.Annotations) annotations[key] = value;
        written["annotations"] = annotations;
        return written;
    }

    private static JsonObject Reference(AuditTrail trail, AccessRequest asked)
    {
        var reference = new JsonObject { ["resource"] = asked.Resource };
        void Add(string name, string value)
        {
            if (value.Length > 0) reference[name] = value;
        }
        Add("namespace", asked.Namespace);
        Add("name", asked.Name.Length > 0 ? asked.Name : trail.CreatedName);
        Add("apiGroup", asked.Group);
        Add("apiVersion", asked.Version);
        Add("subresource", asked.Subresource);
        return reference;
    }

    private static JsonObject Status(HttpContext http, AuditTrail trail, AccessRequest asked)
    {
        var status = new JsonObject { ["metadata"] = new JsonObject() };
        if (trail.Failure is { } failure)
        {
            status["status"] = "Failure";
            // What is wrong with a secret may quote it.
            if (!AuditPolicy.IsSecret(asked)) status["message"] = failure.Message;
            status["reason"] = failure.Reason;
        }
        status["code"] = http.Response.StatusCode;
        return status;
    }

    private static JsonNode? Object(JsonNode? document, AuditRule rule)
    {
        if (!rule.OmitManagedFields || document is not JsonObject whole) return document;
        foreach (JsonObject item in (whole.List("items")?.OfType<JsonObject>() ?? []).Prepend(whole)) item.Child("metadata")?.Remove("managedFields");
        return document;
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
}
