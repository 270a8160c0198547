using System.Text.Json.Nodes;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Rest;

/// <summary>The failures of the Kubernetes API, in the words that people and programs know from it.</summary>
internal static class Failures
{
    public static ApiException NotFound(ServedKind kind, string name) =>
        new(404, "NotFound", $"{Qualified(kind)} \"{name}\" not found", Details(kind, name));

    public static ApiException NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiException AlreadyExists(ServedKind kind, string name) =>
        new(409, "AlreadyExists", $"{Qualified(kind)} \"{name}\" already exists", Details(kind, name));

    public static ApiException Conflict(ServedKind kind, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {Qualified(kind)} \"{name}\": {why}", Details(kind, name));

    public static ApiException Modified(ServedKind kind, string name) => Conflict(kind, name,
        "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiException Forbidden(ServedKind kind, string name, string why, string? cause = null)
    {
        JsonObject details = Details(kind, name);
        if (cause is not null) details["causes"] = new JsonArray(new JsonObject { ["reason"] = cause, ["message"] = why });
        return new(403, "Forbidden", $"{Qualified(kind)} \"{name}\" is forbidden: {why}", details);
    }

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Invalid(ServedKind kind, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(kind.Gvk.Group, kind.Gvk.Kind, name, errors);

    /// <summary>Names every cause at once: people should not have to find them one by one.</summary>
    public static ApiException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        string qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        string list = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        var causes = new JsonArray();
        foreach (FieldError error in errors)
            causes.Add(new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field });
        JsonObject details = Details(group, kind, name);
        details["causes"] = causes;
        return new(422, "Invalid", $"{qualified} \"{name}\" is invalid: {list}", details);
    }

    public static ApiException Unprocessable(string message) => new(422, "Invalid", message);

    public static ApiException Expired(CompactedException e) =>
        new(410, "Expired", $"The resourceVersion for the provided request is too old: {e.Requested} ({e.Compacted}).");

    public static ApiException Expired(string message) => new(410, "Expired", message);

    public static ApiException TooLargeVersion(FutureRevisionException e) => new(504, "Timeout",
        $"Too large resource version: {e.Requested}, current: {e.Current}", new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "ResourceVersionTooLarge",
                ["message"] = "Too large resource version",
            }),
            ["retryAfterSeconds"] = 1,
        });

    public static ApiException MethodNotAllowed(string method) =>
        new(405, "MethodNotAllowed", $"the server does not allow this method on the requested resource ({method})", []);

    public static ApiException NotAcceptable() => new(406, "NotAcceptable",
        "only the following media types are accepted: application/json, application/yaml");

    public static ApiException UnsupportedMediaType(string given, string accepted) => new(415, "UnsupportedMediaType",
        $"the body of the request was in an unknown format ({given}) - accepted media types include: {accepted}");

    public static ApiException TooLarge(int limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    public static ApiException Unauthorized(string message) => new(401, "Unauthorized", message);

    public static ApiException Unavailable(string message) => new(503, "ServiceUnavailable", message, new JsonObject { ["retryAfterSeconds"] = 1 });

    public static ApiException Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}");

    private static JsonObject Details(ServedKind kind, string name) => Details(kind.Gvk.Group, kind.Plural, name);

    private static JsonObject Details(string group, string kind, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (group.Length > 0) details["group"] = group;
        details["kind"] = kind;
        return details;
    }

    private static string Qualified(ServedKind kind) => kind.Gvk.Group.Length == 0 ? kind.Plural : $"{kind.Plural}.{kind.Gvk.Group}";
}
