using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Storage.Etcd;

internal static partial class EtcdLog
{
    [LoggerMessage(3111, LogLevel.Warning, "The changes after revision {Position} were removed from etcd (up to {Compacted}) before they were read; everything is read again, and watches begin again")]
    public static partial void HistoryGone(this ILogger logger, long position, long compacted);

    [LoggerMessage(3112, LogLevel.Critical, "Start this server again: {Reason}")]
    public static partial void StateLost(this ILogger logger, string reason);

    [LoggerMessage(3113, LogLevel.Information, "Removed history from etcd up to revision {Revision}")]
    public static partial void Compacted(this ILogger logger, long revision);
}
