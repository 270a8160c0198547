using Microsoft.Extensions.Logging;

namespace Margay.Node;

/// <summary>The log events of the node service; ids 1000 to 1099.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1000, LogLevel.Debug, "A probe went away before its answer: {Cause}")]
    public static partial void ProbeWentAway(this ILogger logger, string cause);
}
