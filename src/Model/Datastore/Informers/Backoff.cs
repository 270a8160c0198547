namespace Margay.Model.Datastore.Informers;

/// <summary>
/// Waits that double up to a limit. Each is drawn at random from its upper half, so that many clients that lost one server
/// do not come back in step.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan limit, Random random)
{
    private int _failures;

    /// <summary>How long to wait now; the next wait is longer.</summary>
    public TimeSpan Next()
    {
        var full = TimeSpan.FromTicks(Math.Min(limit.Ticks, first.Ticks << Math.Min(_failures, 20)));
        _failures++;
        return full / 2 * (1 + random.NextDouble());
    }

    /// <summary>Things go well: begin with the short wait again.</summary>
    public void Reset() => _failures = 0;
}
