using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Rendering;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>A jump to a policy's chain, or to a chain that jumps on to several.</summary>
/// <param name="Chain">Where the jump leads.</param>
/// <param name="CanPass">Whether it may come back with the pass mark.</param>
/// <param name="Filter">What a packet must have to be worth the jump.</param>
/// <param name="Children">The jumps of a group's chain; empty for a policy.</param>
internal sealed record PolicyNode(string Chain, bool CanPass, PolicyFilter Filter, ImmutableArray<PolicyNode> Children)
{
    /// <summary>True for a group.</summary>
    public bool IsGroup => !Children.IsEmpty;
}

/// <summary>
/// Turns a tier's long list of policies into a tree, so that a packet visits a few groups and not every policy. A group is a chain of
/// neighbours in the list behind one test that every packet of interest to any of them passes: order, first match and the
/// identity of the rule that decides stay what they were. Short lists stay lists.
/// </summary>
internal static class PolicyTree
{
    private const int MaxJumps = 12;
    private const int MinGroup = 4;
    private const int MaxGroup = 16;

    /// <summary>Builds the tree and returns its top.</summary>
    /// <param name="direction">The direction of the policies.</param>
    /// <param name="policies">The policies in order.</param>
    /// <param name="byPorts">Whether the ports in filters had a say: where addresses guard everything they have none.</param>
    internal static List<PolicyNode> Build(PolicyDirection direction, List<PolicyNode> policies, ref bool byPorts)
    {
        var nodes = policies;
        while (nodes.Count > MaxJumps)
        {
            var level = Group(direction, nodes, ref byPorts);
            if (level.Count == nodes.Count) break;
            nodes = level;
        }
        return nodes;
    }

    private static List<PolicyNode> Group(PolicyDirection direction, List<PolicyNode> nodes, ref bool byPorts)
    {
        var level = new List<PolicyNode>();
        int start = 0;
        while (start < nodes.Count)
        {
            int end = EndOfRun(nodes, start, static filter => filter.Addresses?.Key);
            bool byAddress = end > start;
            if (!byAddress)
            {
                byPorts = true;
                end = EndOfRun(nodes, start, static filter => filter.Ports is null ? null : filter.PortKey);
            }
            if (end - start < MinGroup) level.Add(nodes[start++]);
            else
            {
                level.AddRange(Cut(nodes, start, end).Select(group => Make(direction, group, byAddress)));
                start = end;
            }
        }
        return level;
    }

    // The longest run from here that a kind of test can guard; none when it is short or the test tells too few of them apart.
    private static int EndOfRun(List<PolicyNode> nodes, int start, Func<PolicyFilter, string?> key)
    {
        var distinct = new HashSet<string>();
        int end = start;
        for (; end < nodes.Count && key(nodes[end].Filter) is { } text; end++) distinct.Add(text);
        int length = end - start;
        return length >= MinGroup && distinct.Count * 4 >= length ? end : start;
    }

    // Groups end where a name's hash says so: a policy that comes or goes moves the bounds of its own group, not of all behind.
    private static IEnumerable<ImmutableArray<PolicyNode>> Cut(List<PolicyNode> nodes, int start, int end)
    {
        var group = ImmutableArray.CreateBuilder<PolicyNode>();
        for (int i = start; i < end; i++)
        {
            group.Add(nodes[i]);
            bool bound = group.Count >= MinGroup && Names.Hash(nodes[i].Chain)[0] < '4';
            if (!bound && group.Count < MaxGroup && i + 1 < end) continue;
            yield return group.ToImmutable();
            group.Clear();
        }
    }

    private static PolicyNode Make(PolicyDirection direction, ImmutableArray<PolicyNode> group, bool byAddress)
    {
        if (group.Length == 1) return group[0];
        var filters = group.Select(static node => node.Filter);
        var filter = byAddress ? PolicyFilter.UnionOfAddresses(filters) : PolicyFilter.UnionOfPorts(filters);
        string name = Names.Group(string.Join('\n', group.Select(static node => node.Chain)), direction);
        return new PolicyNode(name, group.Any(static node => node.CanPass), filter, group);
    }
}
