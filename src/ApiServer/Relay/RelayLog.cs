using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Relay;

internal static partial class RelayLog
{
    [LoggerMessage(3201, LogLevel.Warning, "The API server cannot be followed for {Resource}; clients get what is known: {Reason}")]
    public static partial void UpstreamTrouble(this ILogger logger, string resource, string reason, Exception cause);

    [LoggerMessage(3202, LogLevel.Information, "The API server is followed again for {Resource}")]
    public static partial void UpstreamRecovered(this ILogger logger, string resource);

    [LoggerMessage(3203, LogLevel.Warning, "The API server no longer knows what came after version {Version} of {Resource}; they are listed again, and so are the clients' watches")]
    public static partial void UpstreamForgot(this ILogger logger, string resource, long version);

    [LoggerMessage(3204, LogLevel.Warning, "A client of {Resource} was too slow: it was at version {Position}, and changes are kept from {Oldest} on")]
    public static partial void ClientTooSlow(this ILogger logger, string resource, long position, long oldest);
}
