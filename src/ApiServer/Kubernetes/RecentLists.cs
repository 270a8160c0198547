using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Lists that are read in parts: the parts after the first come from what the first was taken from, so that all show one revision.</summary>
/// <param name="time">The clock.</param>
internal sealed class RecentLists(TimeProvider time)
{
    private const int Most = 16;
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Prefix, StoragePage Page, long At)> _kept = [];

    /// <summary>How many are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _kept.Count;
        }
    }

    /// <summary>The whole list of a prefix at a revision, or null; 0 asks for the newest, which is never taken from here.</summary>
    public StoragePage? Find(string prefix, long revision)
    {
        if (revision == 0) return null;
        lock (_lock)
        {
            return _kept.FirstOrDefault(kept => kept.Prefix == prefix && kept.Page.Revision == revision && time.GetElapsedTime(kept.At) < Life).Page;
        }
    }

    /// <summary>Keeps a list for as long as somebody may ask for its further parts; older ones go.</summary>
    public void Remember(string prefix, StoragePage page)
    {
        lock (_lock)
        {
            while (_kept.Last is { } oldest && time.GetElapsedTime(oldest.Value.At) >= Life) _kept.RemoveLast();
            if (_kept.Any(kept => kept.Prefix == prefix && kept.Page.Revision == page.Revision)) return;
            _kept.AddFirst((prefix, page, time.GetTimestamp()));
            if (_kept.Count > Most) _kept.RemoveLast();
        }
    }
}
