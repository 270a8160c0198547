namespace Margay.Lab.Processes;

/// <summary>
/// How long to wait before starting again what ended: not at all after a long life, otherwise twice as long as the time
/// before.
/// </summary>
internal sealed class RestartDelay(TimeSpan first, TimeSpan longest, TimeSpan longLife)
{
    private TimeSpan _next;

    /// <summary>The delay after a life of this length.</summary>
    public TimeSpan After(TimeSpan life)
    {
        if (life >= longLife) _next = TimeSpan.Zero;
        var delay = _next;
        _next = delay == TimeSpan.Zero ? first : delay * 2 < longest ? delay * 2 : longest;
        return delay;
    }
}
