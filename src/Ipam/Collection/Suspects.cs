namespace Margay.Ipam.Collection;

/// <summary>
/// Things that look wrong. One observation proves nothing; something seen wrong twice, and the same all the time between
/// for as long as the grace period, is wrong. What looks right once is innocent and starts anew.
/// </summary>
internal sealed class Suspects<T>(TimeSpan grace) where T : notnull
{
    private Dictionary<T, DateTimeOffset> _since = [];

    public int Count => _since.Count;

    public IEnumerable<T> Items => _since.Keys;

    /// <summary>Takes one round of observations.</summary>
    /// <returns>Those that are proven.</returns>
    public IReadOnlyList<T> Observe(IEnumerable<T> wrong, DateTimeOffset now)
    {
        var next = new Dictionary<T, DateTimeOffset>();
        var proven = new List<T>();
        foreach (var item in wrong)
        {
            bool seen = _since.TryGetValue(item, out var since);
            if (!next.TryAdd(item, seen ? since : now)) continue;
            if (seen && now - since >= grace) proven.Add(item);
        }
        _since = next;
        return proven;
    }
}
