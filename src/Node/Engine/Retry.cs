namespace Margay.Node.Engine;

/// <summary>When to try again what the kernel refused: soon, then later and later. By a clock that nobody sets.</summary>
internal sealed class Retry(TimeProvider time, TimeSpan first, TimeSpan last)
{
    private TimeSpan _pause;
    private long? _refused;

    /// <summary>How long until the next try; null when nothing was refused.</summary>
    public TimeSpan? Left => _refused is { } at
        ? _pause - time.GetElapsedTime(at) is { Ticks: > 0 } left ? left : TimeSpan.Zero
        : null;

    /// <summary>Whether it may be tried now.</summary>
    public bool IsDue => Left is not { Ticks: > 0 };

    /// <summary>It was refused.</summary>
    /// <returns>Whether for the first time since it last passed: what is worth telling.</returns>
    public bool Refused()
    {
        bool isNews = _refused is null;
        _pause = isNews ? first : _pause * 2 < last ? _pause * 2 : last;
        _refused = time.GetTimestamp();
        return isNews;
    }

    /// <summary>It passed.</summary>
    /// <returns>Whether it had been refused before.</returns>
    public bool Passed()
    {
        bool isNews = _refused is not null;
        _refused = null;
        return isNews;
    }
}
