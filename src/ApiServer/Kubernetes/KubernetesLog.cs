using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Kubernetes;

internal static partial class KubernetesLog
{
    [LoggerMessage(3101, LogLevel.Warning, "The front proxy's settings cannot be read: {Why}")]
    public static partial void FrontProxyUnread(this ILogger logger, string why);

    [LoggerMessage(3102, LogLevel.Error, "The front proxy's settings are broken, what held before goes on: {Why}")]
    public static partial void FrontProxyBroken(this ILogger logger, string why);

    [LoggerMessage(3103, LogLevel.Information, "Waiting for the cluster: {What}")]
    public static partial void WaitingForCluster(this ILogger logger, string what);

    [LoggerMessage(3104, LogLevel.Warning, "{What} does not exist in the cluster yet and could not be made: {Why}")]
    public static partial void NotMade(this ILogger logger, string what, string why);

    [LoggerMessage(3105, LogLevel.Warning, "The authority cannot be kept, or APIService {Name} cannot be told of it: {Why}")]
    public static partial void AuthorityNotTold(this ILogger logger, string name, string why);
}
