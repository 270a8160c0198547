using Microsoft.Extensions.Logging;

namespace Margay.Routing.Kernel;

/// <summary>The log events of routing; ids 3100 to 3199.</summary>
internal static partial class RoutingLog
{
    [LoggerMessage(3100, LogLevel.Warning, "Routes stay pending after a change in the kernel: {Message}")]
    public static partial void RoutesStayPending(this ILogger logger, string message);

    [LoggerMessage(3101, LogLevel.Information, "Somebody removed {Count} of our routes; looking at all of them")]
    public static partial void RoutesRemovedByOthers(this ILogger logger, int count);
}
