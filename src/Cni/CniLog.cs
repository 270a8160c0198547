using Margay.Cni.Protocol;
using Microsoft.Extensions.Logging;

namespace Margay.Cni;

/// <summary>The log events of pod wiring and the CNI server; ids 3000 to 3099.</summary>
internal static partial class CniLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Retired host interfaces could not be deleted; they are down to the next deletion")]
    public static partial void RetiredLinksStay(this ILogger logger, Exception cause);

    [LoggerMessage(3010, LogLevel.Information, "Serving the CNI plugin on {Socket}")]
    public static partial void Serving(this ILogger logger, string socket);

    [LoggerMessage(3011, LogLevel.Warning, "CNI {Verb} of {ContainerId} ({Pod}) failed: {Message} {Details}")]
    public static partial void CallFailed(this ILogger logger, CniVerb verb, string containerId, CniPod? pod, string message, string? details);

    [LoggerMessage(3012, LogLevel.Error, "CNI {Verb} of {ContainerId} ({Pod}) failed")]
    public static partial void CallBroke(this ILogger logger, CniVerb verb, string containerId, CniPod? pod, Exception cause);

    [LoggerMessage(3013, LogLevel.Debug, "A caller went away: {Cause}")]
    public static partial void CallerWentAway(this ILogger logger, string cause);

    [LoggerMessage(3014, LogLevel.Warning, "The note {Path} about a deleted container could not be served and stays: {Reason}")]
    public static partial void TombstoneStays(this ILogger logger, string path, string reason);

    [LoggerMessage(3015, LogLevel.Information, "Container {ContainerId} was deleted while the service was away; cleaned up")]
    public static partial void TombstoneServed(this ILogger logger, string containerId);

    [LoggerMessage(3017, LogLevel.Warning, "A call of the CNI plugin could not be accepted; the plugin tries again: {Cause}")]
    public static partial void NotAccepted(this ILogger logger, string cause);

    [LoggerMessage(3016, LogLevel.Warning, "The notes in {Directory} cannot be watched; they are looked at every {Period}")]
    public static partial void TombstonesUnwatched(this ILogger logger, string directory, TimeSpan period, Exception cause);
}
