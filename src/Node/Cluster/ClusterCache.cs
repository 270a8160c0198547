using System.Collections.Concurrent;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Node.Cluster;

/// <summary>What CNI requests need of the cluster, from the same watch that feeds the calculation. Readers on any thread.</summary>
internal sealed class ClusterCache(string nodeName)
{
    private readonly ConcurrentDictionary<string, Namespace> _namespaces = new();
    private readonly ConcurrentDictionary<string, IPPool> _pools = new();
    private readonly ConcurrentDictionary<string, IPReservation> _reservations = new();
    private volatile IPAMConfiguration? _ipam;
    private volatile Model.Resources.Node? _node;

    /// <summary>This node's object, or null while there is none.</summary>
    public Model.Resources.Node? Node => _node;

    /// <summary>A namespace, or null.</summary>
    public Namespace? Namespace(string name) => _namespaces.GetValueOrDefault(name);

    /// <summary>The configuration of address management.</summary>
    public IpamView Ipam => IpamView.From([.. _pools.Values], _reservations.Values, _ipam);

    /// <summary>Takes a change.</summary>
    public void Apply(in ResourceUpdate update)
    {
        string name = update.Key.Name;
        switch (update.Key.Kind)
        {
            case "Namespace": Set(_namespaces, name, update.Value as Namespace); break;
            case "IPPool": Set(_pools, name, update.Value as IPPool); break;
            case "IPReservation": Set(_reservations, name, update.Value as IPReservation); break;
            case "IPAMConfiguration" when name == IpamSettings.Name: _ipam = update.Value as IPAMConfiguration; break;
            case "Node" when name == nodeName: _node = update.Value as Model.Resources.Node; break;
        }
    }

    private static void Set<T>(ConcurrentDictionary<string, T> table, string name, T? value)
        where T : class
    {
        if (value is null) table.TryRemove(name, out _);
        else table[name] = value;
    }
}
