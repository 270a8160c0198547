using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Routing.Routes;

/// <summary>
/// The routes of one node, from nodes, address blocks and the node's own pods: one for each block of another node, one
/// for each address that was borrowed across nodes, one for each local pod's address, and "unreachable" for the rest of
/// the own blocks. Pure: the output depends on what is known, not on the order in which it came.
/// </summary>
public sealed class RouteCalculator(string node)
{
    private readonly RouteCandidates _routes = new();
    private readonly Dictionary<string, NodeAddresses> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BlockState> _blocks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _blocksByNode = new(StringComparer.Ordinal);
    private readonly Dictionary<EndpointId, List<RouteUpdate>> _endpoints = [];

    /// <summary>Takes a change to a node or an address block; other kinds are ignored.</summary>
    public void Accept(ResourceUpdate update)
    {
        switch (update.Key.Kind)
        {
            case "Node": AcceptNode(update.Key.Name, update.Value as Node); break;
            case "IPAMBlock": AcceptBlock(update.Key.Name, update.Value as IPAMBlock); break;
        }
    }

    /// <summary>Takes a record about a local pod out of the stream for the data plane; others are ignored.</summary>
    public void Accept(DataplaneUpdate update)
    {
        switch (update)
        {
            case WorkloadEndpointUpdate u: AcceptEndpoint(u.Id, u.Addresses.Select(a => new RouteUpdate(a.ToPrefix(), RouteKind.LocalWorkload, u.HostInterface, null))); break;
            case WorkloadEndpointRemove r: AcceptEndpoint(r.Id, []); break;
        }
    }

    /// <summary>The next <see cref="Flush"/> has the routes to these addresses, although they did not change: their interface is there now.</summary>
    public void Resend(IEnumerable<IpAddr> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        foreach (var address in addresses) _routes.Resend(address.ToPrefix());
    }

    /// <summary>What has changed since the last call: updates, then removals, each by prefix.</summary>
    public IReadOnlyList<DataplaneUpdate> Flush() => _routes.TakeChanges();

    private void AcceptNode(string name, Node? resource)
    {
        var now = resource is null ? default : NodeAddresses.From(resource);
        if (_nodes.GetValueOrDefault(name) == now) return;
        if (now == default) _nodes.Remove(name);
        else _nodes[name] = now;
        foreach (string block in _blocksByNode.GetValueOrDefault(name) ?? []) Route(_blocks[block]);
    }

    private void AcceptBlock(string name, IPAMBlock? resource)
    {
        if (_blocks.Remove(name, out var old))
        {
            foreach (var entry in old.Prefixes) Unlink(entry.Node, name);
            old.Prefixes = [];
        }
        var block = old ?? new BlockState();
        block.Prefixes = resource is null ? [] : [.. BlockRoutes.Of(resource)];
        Route(block);
        if (block.Prefixes.Count == 0) return;
        _blocks.Add(name, block);
        foreach (var entry in block.Prefixes)
        {
            if (!_blocksByNode.TryGetValue(entry.Node, out var blocks)) _blocksByNode.Add(entry.Node, blocks = new(StringComparer.Ordinal));
            blocks.Add(name);
        }
    }

    private void AcceptEndpoint(EndpointId id, IEnumerable<RouteUpdate> now)
    {
        if (_endpoints.Remove(id, out var old)) old.ForEach(_routes.Remove);
        List<RouteUpdate> routes = [.. now.Distinct()];
        routes.ForEach(_routes.Add);
        if (routes.Count > 0) _endpoints.Add(id, routes);
    }

    private void Route(BlockState block)
    {
        block.Routes.ForEach(_routes.Remove);
        block.Routes = [.. block.Prefixes.Select(RouteTo).OfType<RouteUpdate>()];
        block.Routes.ForEach(_routes.Add);
    }

    private RouteUpdate? RouteTo(NodePrefix entry)
    {
        // An address that a pod here has borrowed gets its route from the pod.
        if (entry.Node == node) return entry.IsBlock ? new RouteUpdate(entry.Prefix, RouteKind.LocalBlock, "", null) : null;
        return _nodes.TryGetValue(entry.Node, out var addresses) && addresses.Of(entry.Prefix.Family) is { } gateway
            ? new RouteUpdate(entry.Prefix, RouteKind.RemoteNode, "", gateway)
            : null;
    }

    private void Unlink(string owner, string block)
    {
        if (!_blocksByNode.TryGetValue(owner, out var blocks)) return;
        blocks.Remove(block);
        if (blocks.Count == 0) _blocksByNode.Remove(owner);
    }

    private sealed class BlockState
    {
        internal List<NodePrefix> Prefixes { get; set; } = [];

        internal List<RouteUpdate> Routes { get; set; } = [];
    }
}
