using System.Collections.Concurrent;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Answers that hold for a while. It forgets everything when it is full rather than growing with what strangers ask.</summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="time">The clock.</param>
/// <param name="most">How many answers are kept.</param>
internal sealed class BriefMemory<T>(TimeProvider time, int most = 4096)
{
    private readonly ConcurrentDictionary<string, (T Value, long At, TimeSpan Life)> _kept = new(StringComparer.Ordinal);

    public bool TryGet(string question, out T value)
    {
        bool known = _kept.TryGetValue(question, out var kept) && time.GetElapsedTime(kept.At) < kept.Life;
        value = kept.Value;
        return known;
    }

    public void Keep(string question, T value, TimeSpan life)
    {
        if (_kept.Count >= most) _kept.Clear();
        _kept[question] = (value, time.GetTimestamp(), life);
    }
}
