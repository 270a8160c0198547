using Margay.Cni.Protocol;

namespace Margay.Cni.Server;

/// <summary>How a call ended: an error, or success, which for ADD has a result.</summary>
public readonly record struct CniOutcome
{
    /// <summary>Success without a result.</summary>
    public static CniOutcome Done => default;

    /// <summary>What went wrong; null for success.</summary>
    public CniError? Error { get; private init; }

    /// <summary>What ADD made.</summary>
    public CniResult? Result { get; private init; }

    /// <summary>Success of ADD.</summary>
    public static CniOutcome Added(CniResult result) => new() { Result = result };

    /// <summary>Failure.</summary>
    public static CniOutcome Failed(CniError error) => new() { Error = error };

    /// <summary>Failure.</summary>
    /// <param name="code">See <see cref="CniErrorCode"/>.</param>
    /// <param name="message">What is wrong, in one sentence.</param>
    /// <param name="details">The cause and what to do.</param>
    public static CniOutcome Failed(int code, string message, string? details = null) => Failed(new CniError(code, message, details));
}
