using System.Text.Json.Nodes;
using Margay.ApiServer.Authorization;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Security;
using Microsoft.AspNetCore.Http;

namespace Margay.ApiServer.Audit;

/// <summary>What is known so far of one request, for its audit events. Everybody who learns something adds to it.</summary>
internal sealed class AuditTrail
{
    private const string Decision = "authorization.k8s.io/decision";
    private const string Reason = "authorization.k8s.io/reason";

    /// <summary>The header with the request's name in the log. What a server before this one has chosen is kept, so that both logs can be joined.</summary>
    public const string IdHeader = "Audit-ID";

    /// <summary>The request's name in the log, told to the client too.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Received { get; init; }

    /// <summary>How it is recorded; null until it is known who asks.</summary>
    public AuditRule? Rule { get; set; }

    /// <summary>What is asked for, by who has shown to be who.</summary>
    public AccessRequest? Asked { get; set; }

    /// <summary>As whom it is done, when that is somebody else.</summary>
    public UserInfo? ActsAs { get; private set; }

    /// <summary>The name that a created object got.</summary>
    public string CreatedName { get; set; } = "";

    public JsonNode? RequestObject { get; private set; }

    public byte[]? Response { get; private set; }

    public ApiException? Failure { get; private set; }

    public bool Panicked { get; private set; }

    public Dictionary<string, string> Annotations { get; } = [];

    /// <summary>The trail of a request; null when nothing is recorded.</summary>
    public static AuditTrail? Of(HttpContext http) => http.Features.Get<AuditTrail>();

    public void Decided(UserInfo by, UserInfo actsAs, AccessDecision decision)
    {
        if (!ReferenceEquals(by, actsAs)) ActsAs = actsAs;
        (Annotations[Decision], Annotations[Reason]) = (decision.Allowed ? "allow" : "forbid", decision.Reason);
    }

    public void Requested(byte[] body, string mediaType)
    {
        if (Rule?.Level < AuditLevel.Request || Rule is null || body.Length == 0) return;
        try
        {
            RequestObject = RequestBody.Parse(body, mediaType.EndsWith("yaml", StringComparison.Ordinal) || mediaType == ProtobufForm.Type ? mediaType : AnswerForm.Json);
        }
        catch (ApiException)
        {
            // What cannot be read is refused with the reason, which is recorded.
            RequestObject = null;
        }
    }

    public void Answered(byte[] json)
    {
        if (Rule?.Level == AuditLevel.RequestResponse) Response = json;
    }

    public void Failed(ApiException failure, bool unexpected)
    {
        (Failure, Panicked) = (failure, unexpected);
        // Said no after the gate had said yes: because of what the object is.
        if (failure.IsRefusal) (Annotations[Decision], Annotations[Reason]) = ("forbid", failure.Message);
    }
}
