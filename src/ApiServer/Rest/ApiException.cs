using System.Text.Json.Nodes;

namespace Margay.ApiServer.Rest;

/// <summary>
/// A request that cannot be answered as asked: becomes a Status object. An exception and not a value, because it ends the
/// request from any depth, and every path out of a handler is the same one.
/// </summary>
/// <param name="code">The HTTP status.</param>
/// <param name="reason">The reason of meta/v1 Status that clients decide by.</param>
/// <param name="message">What people read.</param>
/// <param name="details">The details of the Status, if any.</param>
internal sealed class ApiException(int code, string reason, string message, JsonObject? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    public JsonObject? Details { get; } = details;

    /// <summary>Whether the authorizer said no, and not a rule about objects.</summary>
    public bool IsRefusal { get; init; }

    /// <summary>The Status object, as the body of an answer.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        if (Details is not null) status["details"] = Details.DeepClone();
        status["code"] = Code;
        return status;
    }
}
