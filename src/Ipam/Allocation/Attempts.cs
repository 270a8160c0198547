namespace Margay.Ipam.Allocation;

/// <summary>A bounded number of tries, with random and growing pauses between them so that rivals fall out of step.</summary>
internal sealed class Attempts(IpamClientOptions options, TimeProvider time)
{
    private int _made;

    /// <summary>False when there have been enough.</summary>
    public async ValueTask<bool> NextAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (_made >= options.MaxAttempts) return false;
        // The first retry is at once: most races are between two, and one of them has won by now.
        if (_made > 1 && options.MaxPause > TimeSpan.Zero)
        {
            double ceiling = Math.Min(options.MaxPause.TotalMilliseconds, 1 << Math.Min(_made, 20));
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * ceiling), time, stop);
        }
        _made++;
        return true;
    }
}
