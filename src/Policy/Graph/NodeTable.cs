using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Model.Selectors;

namespace Margay.Policy.Graph;

/// <summary>
/// The machines of the cluster, for rules that name nodes as peers. Few such rules and few nodes: a set of them is made anew
/// when a node changes.
/// </summary>
internal sealed class NodeTable
{
    private sealed record State(Dictionary<string, string> Labels, IpAddr[] Addresses)
    {
        public bool Equals(State? other) =>
            other is not null && Addresses.AsSpan().SequenceEqual(other.Addresses)
            && Labels.Count == other.Labels.Count && !Labels.Except(other.Labels).Any();

        public override int GetHashCode() => Addresses.Length;
    }

    private readonly Dictionary<string, State> _nodes = new(StringComparer.Ordinal);

    /// <summary>Adds, changes or (null) removes a node. True when anything that matters here has changed.</summary>
    public bool Set(string name, Node? node)
    {
        if (node is null) return _nodes.Remove(name);
        var state = new State(node.Metadata.Labels ?? [], [.. AddressesOf(node)]);
        if (_nodes.TryGetValue(name, out var before) && before.Equals(state)) return false;
        _nodes[name] = state;
        return true;
    }

    /// <summary>The addresses in the status of the nodes that a selector matches.</summary>
    public HashSet<IpSetMember> Members(Selector selector) =>
        [.. _nodes.Values.Where(n => selector.Evaluate(n.Labels)).SelectMany(n => n.Addresses).Select(a => new IpSetMember(a.ToPrefix()))];

    private static IEnumerable<IpAddr> AddressesOf(Node node)
    {
        // Names are among the addresses; they are no members.
        foreach (var entry in node.Status?.Addresses ?? [])
            if (IpAddr.TryParse(entry.Address, out var address)) yield return address;
    }
}
