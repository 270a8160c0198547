using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>How an API server says that something went wrong, or that a deletion went well (meta/v1 Status).</summary>
public sealed class Status
{
    /// <summary>Always <c>Status</c>.</summary>
    public string? Kind { get; set; } = "Status";

    /// <summary>Always <c>v1</c>.</summary>
    public string? ApiVersion { get; set; } = ApiVersions.Core;

    /// <summary>Like the metadata of a list, normally empty.</summary>
    public ListMeta? Metadata { get; set; }

    /// <summary><c>Success</c> or <c>Failure</c>.</summary>
    [JsonPropertyName("status")]
    public string? Result { get; set; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; set; }

    /// <summary>A word for programs, one of <see cref="StatusReason"/>.</summary>
    public string? Reason { get; set; }

    /// <summary>What it is about.</summary>
    public StatusDetails? Details { get; set; }

    /// <summary>The HTTP status code.</summary>
    public int? Code { get; set; }
}

/// <summary>What a status is about.</summary>
public sealed class StatusDetails
{
    /// <summary>The object's name.</summary>
    public string? Name { get; set; }

    /// <summary>The group of its kind.</summary>
    public string? Group { get; set; }

    /// <summary>Its kind, or the resource in the plural.</summary>
    public string? Kind { get; set; }

    /// <summary>Its uid.</summary>
    public string? Uid { get; set; }

    /// <summary>Every single mistake.</summary>
    public List<StatusCause>? Causes { get; set; }

    /// <summary>How many seconds to wait before trying again.</summary>
    public int? RetryAfterSeconds { get; set; }
}

/// <summary>One mistake.</summary>
public sealed class StatusCause
{
    /// <summary>A word for programs, for example <c>FieldValueInvalid</c>.</summary>
    public string? Reason { get; set; }

    /// <summary>A sentence for people.</summary>
    public string? Message { get; set; }

    /// <summary>The field's path, for example <c>spec.ingress[0].protocol</c>.</summary>
    public string? Field { get; set; }
}

/// <summary>The reasons in a <see cref="Status"/> that callers act on.</summary>
public static class StatusReason
{
    /// <summary>404: the object does not exist.</summary>
    public const string NotFound = "NotFound";

    /// <summary>409: an object of that name exists.</summary>
    public const string AlreadyExists = "AlreadyExists";

    /// <summary>409: somebody else changed the object in the meantime.</summary>
    public const string Conflict = "Conflict";

    /// <summary>422: the object breaks rules; the causes say which.</summary>
    public const string Invalid = "Invalid";

    /// <summary>410: a watch's version is not kept any more.</summary>
    public const string Gone = "Gone";

    /// <summary>410: a version or a continue token is not kept any more.</summary>
    public const string Expired = "Expired";

    /// <summary>400: the request makes no sense.</summary>
    public const string BadRequest = "BadRequest";

    /// <summary>401: nobody knows who asks.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>403: that one may not.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>405: the resource does not have the verb.</summary>
    public const string MethodNotAllowed = "MethodNotAllowed";

    /// <summary>429: later, please.</summary>
    public const string TooManyRequests = "TooManyRequests";

    /// <summary>500.</summary>
    public const string InternalError = "InternalError";

    /// <summary>503.</summary>
    public const string ServiceUnavailable = "ServiceUnavailable";

    /// <summary>504.</summary>
    public const string Timeout = "Timeout";
}
