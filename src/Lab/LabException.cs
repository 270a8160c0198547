namespace Margay.Lab;

/// <summary>Something the person at the terminal has to know: what was tried, why it failed, and where the log is.</summary>
public sealed class LabException : Exception
{
    /// <summary>A failure with its cause in words.</summary>
    public LabException(string message, string? logPath = null, Exception? cause = null)
        : base(message, cause) => LogPath = logPath;

    /// <summary>The file that says more, when there is one.</summary>
    public string? LogPath { get; }
}
