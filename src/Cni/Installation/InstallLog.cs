using Microsoft.Extensions.Logging;

namespace Margay.Cni.Installation;

/// <summary>The log events of the installer; ids 3050 to 3069.</summary>
internal static partial class InstallLog
{
    [LoggerMessage(3050, LogLevel.Information, "Placed {Path}")]
    public static partial void Placed(this ILogger logger, string path);

    [LoggerMessage(3051, LogLevel.Information, "Removed {Path}")]
    public static partial void Removed(this ILogger logger, string path);

    [LoggerMessage(3052, LogLevel.Information, "The network configuration waits for the node service: {Reason}")]
    public static partial void WaitingForService(this ILogger logger, string reason);

    [LoggerMessage(3053, LogLevel.Warning, "The container runtime takes {Other} and not {Path}: its name comes first. Remove it, or rename it so that it ends in none of .conf, .conflist, .json")]
    public static partial void OtherConfigurationWins(this ILogger logger, string other, string path);

    [LoggerMessage(3054, LogLevel.Warning, "{Path} is not ours and stays: it does not name margay-cni")]
    public static partial void NotOurs(this ILogger logger, string path);

    [LoggerMessage(3055, LogLevel.Error, "What is on the node stays as it is: {Reason}")]
    public static partial void CannotRepair(this ILogger logger, string reason);
}
