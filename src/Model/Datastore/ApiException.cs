using Margay.Model.Resources;

namespace Margay.Model.Datastore;

/// <summary>The API server answered that it does not do what was asked; the status says why.</summary>
public sealed class ApiException : Exception
{
    /// <summary>Makes the exception from the server's answer.</summary>
    /// <param name="status">The answer.</param>
    public ApiException(Status status)
        : base(status.Message ?? status.Reason ?? $"the API server answered {status.Code}") => Status = status;

    /// <summary>Makes the exception.</summary>
    /// <param name="code">The HTTP status code.</param>
    /// <param name="reason">A word for programs.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="details">What it is about.</param>
    public ApiException(int code, string reason, string message, StatusDetails? details = null)
        : this(new Status { Result = "Failure", Code = code, Reason = reason, Message = message, Details = details })
    {
    }

    /// <summary>The server's whole answer.</summary>
    public Status Status { get; }

    /// <summary>The object does not exist.</summary>
    public bool IsNotFound => Status.Reason == StatusReason.NotFound;

    /// <summary>An object of that name exists.</summary>
    public bool IsAlreadyExists => Status.Reason == StatusReason.AlreadyExists;

    /// <summary>Somebody else changed the object: read it again and decide again.</summary>
    public bool IsConflict => Status.Reason == StatusReason.Conflict;

    /// <summary>The object breaks rules.</summary>
    public bool IsInvalid => Status.Reason == StatusReason.Invalid;

    /// <summary>The version to go on from is not kept any more: list again.</summary>
    public bool IsGone => Status.Code == 410 || Status.Reason is StatusReason.Gone or StatusReason.Expired;
}
