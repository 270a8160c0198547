using Margay.Policy.Evaluation;
using Margay.Policy.Reachability.Hosts;

namespace Margay.Policy.Reachability.Comparison;

/// <summary>
/// The hosts with policy of their own in at least one of two worlds. What is certain in one world only is not compared: such an
/// address has no policy here, and <see cref="HostDifference"/> names its endpoints.
/// </summary>
internal sealed class JointHosts
{
    private readonly HashSet<string> _uncertain;

    internal JointHosts(CompiledState before, CompiledState after)
    {
        var (old, now) = (new HostPlaces(before), new HostPlaces(after));
        _uncertain =
        [
            .. old.Uncertain.Select(u => before.HostEndpoints[u.Endpoint].Node), .. now.Uncertain.Select(u => after.HostEndpoints[u.Endpoint].Node),
            // The same address at another host or another interface.
            .. old.Places.Concat(now.Places).GroupBy(p => p.Address).Where(IsTorn).SelectMany(g => g.Select(p => p.Node)),
        ];
        var pods = before.Endpoints.Values.Concat(after.Endpoints.Values).SelectMany(e => e.Addresses).ToHashSet();
        foreach (var place in old.Places.Concat(now.Places).Where(p => pods.Contains(p.Address))) _uncertain.Add(place.Node);
        // What a world says itself comes first; an address that it does not mention is where the other one puts it.
        Places = [.. old.Places.Concat(now.Places).DistinctBy(p => p.Address).Where(p => !pods.Contains(p.Address))];
    }

    /// <summary>Every address, certain or not.</summary>
    internal IReadOnlyList<HostPlace> Places { get; }

    /// <summary>Whether what the host's own endpoints say about its own connections is compared.</summary>
    internal bool IsCertain(string node) => !_uncertain.Contains(node);

    private static bool IsTorn(IEnumerable<HostPlace> places) =>
        places.Select(p => p.Node).Distinct().Skip(1).Any() || places.Select(p => p.At.Name).Where(name => name.Length > 0).Distinct().Skip(1).Any();
}
