using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Hosting;

internal static partial class HostLog
{
    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, string method, string path, Exception cause);

    [LoggerMessage(3002, LogLevel.Information, "Stopping: new requests are refused, watches end")]
    public static partial void Draining(this ILogger logger);

    [LoggerMessage(3003, LogLevel.Warning, "{Controller} failed; it goes on with the next change")]
    public static partial void ControllerFailed(this ILogger logger, string controller, Exception cause);
}
