using Microsoft.Extensions.Logging;

namespace Margay.Controllers;

/// <summary>The least level that is logged; follows <c>logSeverityScreen</c> while the process runs.</summary>
public sealed class LogThreshold
{
    private volatile LogLevel _least = LogLevel.Information;

    /// <summary>The level now.</summary>
    public LogLevel Least
    {
        get => _least;
        internal set => _least = value;
    }

    /// <summary>Whether an event of a level is logged.</summary>
    public bool Passes(LogLevel level) => level >= _least;
}
