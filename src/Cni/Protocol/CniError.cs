using System.Text.Json.Serialization;

namespace Margay.Cni.Protocol;

/// <summary>The error numbers of the specification, section "Error", and ours from 100.</summary>
public static class CniErrorCode
{
    /// <summary>The configuration's version is not spoken, or is too old for the verb.</summary>
    public const int IncompatibleVersion = 1;

    /// <summary>A field is there that we do not support; the message names key and value.</summary>
    public const int UnsupportedField = 2;

    /// <summary>The container does not exist; the runtime need not call DEL.</summary>
    public const int UnknownContainer = 3;

    /// <summary>An environment variable is missing or wrong; the message names it.</summary>
    public const int InvalidEnvironment = 4;

    /// <summary>Reading the configuration, or another transfer, failed.</summary>
    public const int Io = 5;

    /// <summary>The configuration is no JSON, or no configuration.</summary>
    public const int Decode = 6;

    /// <summary>A value in the configuration is wrong.</summary>
    public const int InvalidNetworkConfig = 7;

    /// <summary>A passing condition: the runtime should call again.</summary>
    public const int TryAgainLater = 11;

    /// <summary>STATUS: an ADD cannot be served.</summary>
    public const int PluginNotAvailable = 50;

    /// <summary>STATUS: an ADD cannot be served, and containers that run have limited connectivity.</summary>
    public const int LimitedConnectivity = 51;

    /// <summary>Ours: something failed that has no number of its own.</summary>
    public const int Internal = 100;

    /// <summary>Ours: no address could be had for the container.</summary>
    public const int NoAddress = 101;

    /// <summary>Ours: the kernel refused a part of the wiring.</summary>
    public const int Wiring = 102;

    /// <summary>Ours: the policy of the new endpoint could not be put in place.</summary>
    public const int Policy = 103;

    /// <summary>Ours: CHECK found a difference between the attachment and what ADD made.</summary>
    public const int CheckFailed = 104;

    /// <summary>Ours: the pod was deleted before it was attached.</summary>
    public const int PodGone = 105;
}

/// <summary>An error as the runtime reads it on standard output.</summary>
public sealed record CniError
{
    /// <summary>Makes an error.</summary>
    /// <param name="code">See <see cref="CniErrorCode"/>.</param>
    /// <param name="message">What is wrong, in one sentence.</param>
    /// <param name="details">The cause and what to do.</param>
    [JsonConstructor]
    public CniError(int code, string message, string? details = null)
    {
        Code = code;
        Message = message;
        Details = details;
    }

    /// <summary>The version that the configuration asked for.</summary>
    [JsonPropertyName("cniVersion")]
    [JsonPropertyOrder(-1)]
    public string CniVersion { get; init; } = Protocol.CniVersion.Newest.ToString();

    /// <summary>See <see cref="CniErrorCode"/>.</summary>
    [JsonPropertyName("code")]
    public int Code { get; }

    /// <summary>What is wrong, in one sentence.</summary>
    [JsonPropertyName("msg")]
    public string Message { get; }

    /// <summary>The cause and what to do.</summary>
    [JsonPropertyName("details")]
    public string? Details { get; }
}
