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

    internal static List<PolicyNode> Build(PolicyDirection direction, List<PolicyNode> policies)
    {
        var nodes = policies;
        while (nodes.Count > MaxJumps)
        {
            var level = Group(direction, nodes);
            if (level.Count == nodes.Count) break;
            nodes = level;
        }
        return nodes;
    }

    private static List<PolicyNode> Group(PolicyDirection direction, List<PolicyNode> nodes)
    {
        var level = new List<PolicyNode>();
        int start = 0;
        while (start < nodes.Count)
        {
            int end = EndOfRun(nodes, start, out bool byAddress);
            if (end - start < MinGroup) level.Add(nodes[start++]);
            else
            {
                level.AddRange(Cut(nodes, start, end).Select(group => Make(direction, group, byAddress)));
                start = end;
            }
        }
        return level;
    }

    // The longest run from here that one kind of test can guard.
    private static int EndOfRun(List<PolicyNode> nodes, int start, out bool byAddress)
    {
        int addresses = start, ports = start;
        while (addresses < nodes.Count && nodes[addresses].Filter.Addresses is not null) addresses++;
        while (ports < nodes.Count && nodes[ports].Filter.Ports is not null) ports++;
        // Where both can, the one that tells policies apart better.
        byAddress = addresses > ports || (addresses == ports
            && Distinct(nodes, start, addresses, static filter => filter.Addresses?.Key) >= Distinct(nodes, start, ports, static filter => filter.PortsOnly().Key));
        return byAddress ? addresses : ports;
    }

    private static int Distinct(List<PolicyNode> nodes, int start, int end, Func<PolicyFilter, string?> key) =>
        nodes.Skip(start).Take(end - start).Select(node => key(node.Filter)).Distinct().Count();

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
        var filter = PolicyFilter.Union(group.Select(static node => node.Filter));
        string name = Names.Group(string.Join('\n', group.Select(static node => node.Chain)), direction);
        return new PolicyNode(name, group.Any(static node => node.CanPass), byAddress ? filter.AddressesOnly() : filter.PortsOnly(), group);
    }
}
