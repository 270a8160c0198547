using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(3101, LogLevel.Error, "Writes are refused: {Reason}")]
    public static partial void WritesRefused(this ILogger logger, string reason, Exception cause);

    [LoggerMessage(3102, LogLevel.Warning, "Writes are accepted again")]
    public static partial void WritesAccepted(this ILogger logger);

    [LoggerMessage(3103, LogLevel.Warning, "Old history could not be removed; it stays until the next attempt: {Reason}")]
    public static partial void CompactionFailed(this ILogger logger, string reason, Exception cause);
}
