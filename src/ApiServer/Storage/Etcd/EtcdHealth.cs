using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Storage.Etcd;

/// <summary>Whether etcd answers, as of the last request. Said once when it begins and once when it ends.</summary>
internal sealed class EtcdHealth(ILogger logger)
{
    private volatile string? _trouble;
    private volatile bool _final;

    /// <summary>Why writes are refused, or null.</summary>
    public string? Trouble => _trouble;

    /// <summary>True when only a new start helps.</summary>
    public bool IsFinal => _final;

    public void Failed(string reason, Exception cause)
    {
        if (_final) return;
        if (_trouble is null) logger.WritesRefused(reason, cause);
        _trouble = reason;
    }

    public void Answered()
    {
        if (_trouble is null || _final) return;
        _trouble = null;
        logger.WritesAccepted();
    }

    /// <summary>What is in memory is not what is in etcd, and will not be.</summary>
    public void Lost(string reason)
    {
        if (_final) return;
        _trouble = reason;
        _final = true;
        logger.StateLost(reason);
    }
}
