namespace Margay.Controllers.Election;

/// <summary>
/// Whether this process leads, by its own steady clock: from each renewal on for the deadline of renewal, counted from
/// before the renewal was sent. Nobody else can see the lease unrenewed for its whole duration before that is over.
/// </summary>
internal sealed class Leadership(TimeProvider time)
{
    private long _until = long.MinValue;

    /// <summary>Whether it leads at this moment.</summary>
    public bool Holds => time.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>How long it still leads without a renewal; zero when it does not.</summary>
    public TimeSpan Left
    {
        get
        {
            long now = time.GetTimestamp(), until = Volatile.Read(ref _until);
            return until <= now ? TimeSpan.Zero : time.GetElapsedTime(now, until);
        }
    }

    /// <summary>It leads for so long from this time stamp on.</summary>
    public void Extend(long sent, TimeSpan deadline) => Volatile.Write(ref _until, sent + (long)(deadline.TotalSeconds * time.TimestampFrequency));

    /// <summary>It leads no longer.</summary>
    public void End() => Volatile.Write(ref _until, long.MinValue);
}
