namespace Margay.ApiServer.Audit;

/// <summary>How much of a request is recorded (audit.k8s.io/v1). Higher ones contain lower ones.</summary>
internal enum AuditLevel
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Who, what, when, and what came of it.</summary>
    Metadata,

    /// <summary>The body of the request too.</summary>
    Request,

    /// <summary>The body of the answer too.</summary>
    RequestResponse,
}

/// <summary>The moments of a request at which an event is written.</summary>
internal static class AuditStage
{
    public const string RequestReceived = "RequestReceived";
    public const string ResponseStarted = "ResponseStarted";
    public const string ResponseComplete = "ResponseComplete";
    public const string Panic = "Panic";

    public static IReadOnlyList<string> All { get; } = [RequestReceived, ResponseStarted, ResponseComplete, Panic];
}
