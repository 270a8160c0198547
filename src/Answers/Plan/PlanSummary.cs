using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Comparison;
using Margay.Policy.Reachability.Hosts;
using Margay.Policy.Reachability.Packets;

namespace Margay.Answers.Plan;

/// <summary>
/// Sums up changes of pairs: pairs with the same packets and the same reason become one line when they are a product, all of
/// some sources with all of some destinations; both families become one line when they say the same.
/// </summary>
internal sealed class PlanSummary(PolicyWorld before, PolicyWorld after, PolicyDifference difference)
{
    private readonly PodNames _pods = new(before.Directory, after.Directory);
    private readonly AddressNames _addresses = new(before.Objects, after.Objects);
    private readonly bool _bothFamilies = difference.Before.Families.Concat(difference.After.Families).GroupBy(f => f.Atoms.Family).All(g => g.Any(f => f.Classes.Length > 0));

    /// <summary>Why something changes.</summary>
    private readonly record struct Reason(ChangeKind Kind, PolicyDirection Side, Ruling Before, Ruling After, bool Passes);

    /// <summary>Everything that changes for one reason and some packets in one family: for each destination its sources.</summary>
    private sealed record Row(IpFamily Family, Reason Reason, PacketSet Packets);

    /// <summary>A line of one family, before both are put together.</summary>
    private sealed record FamilyLine(IpFamily Family, bool NamesAddresses, PlanLine Line);

    /// <summary>The lines, in order of kind and words.</summary>
    internal IEnumerable<PlanLine> Lines()
    {
        var rows = new Dictionary<Row, Dictionary<JointEnd, HashSet<JointEnd>>>();
        foreach (var pair in difference.Changes)
        {
            foreach (var change in pair.Changes)
            {
                var row = new Row(pair.Family, new Reason(change.Kind, change.Side, change.Before, change.After, change.Passes), change.Packets);
                if (!rows.TryGetValue(row, out var sources)) rows.Add(row, sources = []);
                if (!sources.TryGetValue(pair.To, out var from)) sources.Add(pair.To, from = []);
                from.Add(pair.From);
            }
        }
        var lines = rows.SelectMany(r => Products(r.Value).Select(p => Line(r.Key, p.From, p.To)));
        return lines.GroupBy(l => l.Line with { Pairs = 0 }).Select(Together)
            .OrderBy(l => l.Kind).ThenBy(l => l.From, StringComparer.Ordinal).ThenBy(l => l.To, StringComparer.Ordinal).ThenBy(l => l.Packets, StringComparer.Ordinal);
    }

    /// <summary>Destinations with the same sources together; a single pod may count among its own sources if that makes more of them equal.</summary>
    private static IEnumerable<(HashSet<JointEnd> From, List<JointEnd> To)> Products(Dictionary<JointEnd, HashSet<JointEnd>> sources)
    {
        var left = new List<JointEnd>();
        var sets = HashSet<JointEnd>.CreateSetComparer();
        foreach (var group in sources.GroupBy(s => s.Key.Endpoints.Length == 1 ? [.. s.Value, s.Key] : s.Value, sets))
        {
            var to = group.Select(s => s.Key).ToList();
            if (to.Count > 1) yield return (group.Key, to);
            else left.AddRange(to);
        }
        foreach (var group in left.GroupBy(t => sources[t], sets)) yield return (group.Key, group.ToList());
    }

    private FamilyLine Line(Row row, IReadOnlyCollection<JointEnd> from, IReadOnlyCollection<JointEnd> to)
    {
        // A pod is no pair with itself.
        int same = from.Intersect(to).Count(e => e.Host is not null) + from.SelectMany(e => e.Endpoints).Intersect(to.SelectMany(e => e.Endpoints)).Count();
        long pairs = ((long)from.Sum(Count) * to.Sum(Count)) - same;
        var line = new PlanLine(row.Reason.Kind, Sources(row.Family, from, to), Name(row.Family, to), row.Packets.ToString(), row.Reason.Side, row.Reason.Before, row.Reason.After, row.Reason.Passes, pairs);
        return new FamilyLine(row.Family, line.From.Contains('/', StringComparison.Ordinal) || line.To.Contains('/', StringComparison.Ordinal), line);
    }

    private PlanLine Together(IGrouping<PlanLine, FamilyLine> group)
    {
        var all = group.ToArray();
        var line = all[0].Line with { Pairs = all.Max(l => l.Line.Pairs) };
        bool one = all.All(l => l.Family == all[0].Family);
        return one && _bothFamilies && !all[0].NamesAddresses ? line with { Packets = $"{line.Packets} (IPv{(all[0].Family == IpFamily.V4 ? 4 : 6)})" } : line;
    }

    /// <summary>"All but itself" is said as that, when the destination is one pod.</summary>
    private string Sources(IpFamily family, IReadOnlyCollection<JointEnd> from, IReadOnlyCollection<JointEnd> to)
    {
        string name = Name(family, from);
        if (to.Count != 1 || to.First() is not { Endpoints.Length: 1 } one || from.Contains(one)) return name;
        string all = Name(family, [.. from, one]);
        return all.Length >= name.Length ? name : all.StartsWith("every pod", StringComparison.Ordinal) ? $"every other pod{all["every pod".Length..]}" : $"others of {all}";
    }

    private string Name(IpFamily family, IReadOnlyCollection<JointEnd> ends)
    {
        var parts = new List<string>();
        var pods = ends.SelectMany(e => e.Endpoints).Distinct().ToArray();
        if (pods.Length > 0) parts.Add(_pods.Describe(pods));
        parts.AddRange(ends.Select(e => e.Host).OfType<HostPlace>().GroupBy(h => h.Node).Select(h => $"host {h.Key}"));
        var atoms = difference.Before.Of(family).Atoms;
        var outside = new Bitmap(atoms.Count, ends.Where(e => e.IsOutside).Select(e => e.OutsideAtom));
        if (!outside.IsEmpty) parts.Add(_addresses.Describe(atoms, outside));
        return string.Join(" and ", parts);
    }

    private static int Count(JointEnd end) => end.IsOutside || end.Host is not null ? 1 : end.Endpoints.Length;
}
