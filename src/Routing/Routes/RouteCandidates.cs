using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;

namespace Margay.Routing.Routes;

/// <summary>
/// Every route that somebody wants, by prefix, and which of them was sent last. Which of several wins depends on what
/// they are, never on who came first.
/// </summary>
internal sealed class RouteCandidates
{
    private readonly Dictionary<IpPrefix, List<RouteUpdate>> _wanted = [];
    private readonly Dictionary<IpPrefix, RouteUpdate> _sent = [];
    private readonly HashSet<IpPrefix> _changed = [];

    internal void Add(RouteUpdate route)
    {
        if (!_wanted.TryGetValue(route.Prefix, out var list)) _wanted.Add(route.Prefix, list = []);
        list.Add(route);
        _changed.Add(route.Prefix);
    }

    internal void Remove(RouteUpdate route)
    {
        var list = _wanted[route.Prefix];
        list.Remove(route);
        if (list.Count == 0) _wanted.Remove(route.Prefix);
        _changed.Add(route.Prefix);
    }

    /// <summary>Has what is wanted for a prefix sent once more, although it did not change.</summary>
    internal void Resend(IpPrefix prefix)
    {
        if (_wanted.ContainsKey(prefix) && _sent.Remove(prefix)) _changed.Add(prefix);
    }

    /// <summary>What differs from what was taken before: updates, then removals, each by prefix.</summary>
    internal IReadOnlyList<DataplaneUpdate> TakeChanges()
    {
        if (_changed.Count == 0) return [];
        var updates = new List<DataplaneUpdate>();
        var removals = new List<DataplaneUpdate>();
        foreach (var prefix in _changed.Order())
        {
            if (Best(prefix) is { } best)
            {
                if (_sent.TryGetValue(prefix, out var sent) && sent == best) continue;
                _sent[prefix] = best;
                updates.Add(best);
            }
            else if (_sent.Remove(prefix))
            {
                removals.Add(new RouteRemove(prefix));
            }
        }
        _changed.Clear();
        return [.. updates, .. removals];
    }

    private RouteUpdate? Best(IpPrefix prefix)
    {
        if (!_wanted.TryGetValue(prefix, out var list)) return null;
        var best = list[0];
        for (int i = 1; i < list.Count; i++)
            if (Compare(list[i], best) < 0) best = list[i];
        return best;
    }

    // A pod that is here beats what the datastore says about its address; a way to a node beats the hole in our own block.
    private static int Compare(RouteUpdate a, RouteUpdate b)
    {
        int order = Rank(a.Kind).CompareTo(Rank(b.Kind));
        if (order == 0) order = string.CompareOrdinal(a.Interface, b.Interface);
        return order == 0 ? (a.Gateway ?? default).CompareTo(b.Gateway ?? default) : order;
    }

    private static int Rank(RouteKind kind) => kind switch
    {
        RouteKind.LocalWorkload => 0,
        RouteKind.RemoteNode => 1,
        _ => 2,
    };
}
