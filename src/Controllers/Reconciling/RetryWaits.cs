namespace Margay.Controllers.Reconciling;

/// <summary>How long a key that failed waits: twice as long each time, up to a limit.</summary>
/// <param name="First">The wait after the first failure; default 100 ms.</param>
/// <param name="Limit">The longest wait; default 2 minutes.</param>
internal sealed record RetryWaits(TimeSpan? First = null, TimeSpan? Limit = null)
{
    /// <summary>The wait after so many failures in a row, at least one.</summary>
    public TimeSpan After(int failures)
    {
        var (first, limit) = (First ?? TimeSpan.FromMilliseconds(100), Limit ?? TimeSpan.FromMinutes(2));
        // Beyond 20 doublings every limit that makes sense is reached.
        return TimeSpan.FromTicks(Math.Min(limit.Ticks, first.Ticks << Math.Min(failures - 1, 20)));
    }
}
