using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Audit;

/// <summary>
/// The file of audit events, one JSON document a line. It is closed and renamed when it has grown enough, and old ones go. An
/// event that cannot be written is counted and said, and the request goes on: a full disk must not lock the administrator out
/// who comes to make room.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    private readonly AuditFiles? _files;
    private readonly Action<bool> _counted;
    private readonly ILogger _logger;
    private readonly Lock _turn = new();
    private Stream? _stream;
    private long _length;
    private bool _failing;

    /// <summary>Opens the log.</summary>
    /// <param name="files">Where; null for standard output.</param>
    /// <param name="counted">Is told of each event whether it was written.</param>
    /// <param name="logger">Is told when writing begins to fail, and when it works again.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public AuditLog(AuditFiles? files, Action<bool> counted, ILogger logger)
    {
        (_files, _counted, _logger) = (files, counted, logger);
        Open();
    }

    /// <summary>Appends an event. When this returns, the operating system has it, or it is counted as lost.</summary>
    public void Write(byte[] document)
    {
        lock (_turn)
        {
            try
            {
                if (_files is not null && _length > 0 && _length + document.Length + 1 > _files.MaxBytes) Rotate();
                if (_stream is null) Open();
                _stream!.Write([.. document, (byte)'\n']);
                _stream.Flush();
                _length += document.Length + 1;
                _counted(true);
                if (_failing) _logger.AuditWorksAgain();
                _failing = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                _counted(false);
                if (!_failing) _logger.AuditFails(e);
                _failing = true;
                TakeBack();
            }
        }
    }

    public void Dispose()
    {
        lock (_turn) _stream?.Dispose();
    }

    private void Open()
    {
        _stream = _files?.Open() ?? Console.OpenStandardOutput();
        _length = _stream.CanSeek ? _stream.Length : 0;
    }

    private void Rotate()
    {
        _stream?.Dispose();
        _stream = null;
        _files!.Rotate();
        Open();
    }

    /// <summary>Half a line would spoil the next one too.</summary>
    private void TakeBack()
    {
        if (_files is null || _stream is null) return;
        try
        {
            _stream.SetLength(_length);
            _stream.Position = _length;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or NotSupportedException)
        {
            // Opened again with the next event, at whatever the end is then.
            _stream.Dispose();
            _stream = null;
        }
    }
}

internal static partial class AuditMessages
{
    [LoggerMessage(3010, LogLevel.Error, "Audit events cannot be written and are lost; requests go on")]
    public static partial void AuditFails(this ILogger logger, Exception cause);

    [LoggerMessage(3011, LogLevel.Warning, "Audit events are written again")]
    public static partial void AuditWorksAgain(this ILogger logger);
}
