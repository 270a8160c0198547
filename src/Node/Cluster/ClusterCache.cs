using System.Collections.Concurrent;
using Margay.Ipam.Allocation;
using Margay.Model.Resources;

namespace Margay.Node.Cluster;

/// <summary>What CNI requests need of the cluster, from the same watch that feeds the calculation. Readers on any thread.</summary>
internal sealed class ClusterCache(string nodeName)
{
    private readonly ConcurrentDictionary<string, Namespace> _namespaces = new();
    private readonly ConcurrentDictionary<(string? Namespace, string Name), Pod> _pods = new();
    private readonly ConcurrentDictionary<string, IPPool> _pools = new();
    private readonly ConcurrentDictionary<string, IPReservation> _reservations = new();
    private volatile IPAMConfiguration? _ipam;
    private volatile Model.Resources.Node? _node;

    /// <summary>The pods of this node that the watch has told to be gone.</summary>
    public PodEnds Ends { get; } = new();

    /// <summary>This node's object, or null while there is none.</summary>
    public Model.Resources.Node? Node => _node;

    /// <summary>A namespace, or null.</summary>
    public Namespace? Namespace(string name) => _namespaces.GetValueOrDefault(name);

    /// <summary>
    /// The pod of this node with this UID, as the watch last told it; null when it has not (yet). By UID, because a name can
    /// have passed to another pod whose labels and annotations differ.
    /// </summary>
    public Pod? Pod(string @namespace, string name, string uid) =>
        uid.Length > 0 && _pods.GetValueOrDefault((@namespace, name)) is { } pod && pod.Metadata.Uid == uid ? pod : null;

    /// <summary>The configuration of address management.</summary>
    public IpamView Ipam => IpamView.From([.. _pools.Values], _reservations.Values, _ipam);

    /// <summary>Takes a change.</summary>
    public void Apply(in ResourceUpdate update)
    {
        string name = update.Key.Name;
        switch (update.Key.Kind)
        {
            case "Pod": SetPod(update.Key, update.Value as Pod); break;
            case "Namespace": Set(_namespaces, name, update.Value as Namespace); break;
            case "IPPool": Set(_pools, name, update.Value as IPPool); break;
            case "IPReservation": Set(_reservations, name, update.Value as IPReservation); break;
            case "IPAMConfiguration" when name == IpamSettings.Name: _ipam = update.Value as IPAMConfiguration; break;
            case "Node" when name == nodeName: _node = update.Value as Model.Resources.Node; break;
        }
    }

    private void SetPod(in ResourceKey key, Pod? pod)
    {
        // Deleted, or deleted and made anew between two words of the watch.
        if (_pods.GetValueOrDefault((key.Namespace, key.Name))?.Metadata.Uid is { } uid && uid != pod?.Metadata.Uid) Ends.Add(uid);
        // Other nodes' pods are most of a cluster, and nothing here asks for them.
        if (pod?.Spec.NodeName == nodeName) _pods[(key.Namespace, key.Name)] = pod;
        else _pods.TryRemove((key.Namespace, key.Name), out _);
    }

    private static void Set<T>(ConcurrentDictionary<string, T> table, string name, T? value)
        where T : class
    {
        if (value is null) table.TryRemove(name, out _);
        else table[name] = value;
    }
}
