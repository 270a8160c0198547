using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Foundation.Primitives;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>Turns records into the table that should be. Memory only.</summary>
internal sealed class TableCompiler
{
    private readonly DesiredTable _table;
    private readonly Policies _policies;
    private readonly Unions _unions;
    private readonly Bindings _bindings;
    private readonly Dispatch _dispatch;
    private readonly Pools _pools;
    private NodeSettings _settings = new();
    private bool _settingsKnown;
    private (NodeSettings, bool, bool)? _static;

    public TableCompiler(DesiredTable table)
    {
        _table = table;
        IpSets = new IpSets(table);
        _policies = new Policies(table, IpSets);
        _unions = new Unions(table, IpSets);
        IpSets.Changed = _unions.Follow;
        _bindings = new Bindings(table, _policies, _unions);
        _dispatch = new Dispatch(table, _bindings);
        _pools = new Pools(table);
    }

    public IpSets IpSets { get; }

    /// <summary>Whether the kernel had our table when it was first read.</summary>
    public bool TableExists { get; set; }

    /// <summary>Whether everything that existed at the start has been sent.</summary>
    public bool InSync { get; private set; }

    /// <summary>Takes a record in. Rendering waits for <see cref="Render"/>.</summary>
    public void Accept(DataplaneUpdate update)
    {
        switch (update)
        {
            case IpSetUpdate set: IpSets.Update(set); break;
            case IpSetDelta delta: IpSets.Update(delta); break;
            case IpSetRemove remove: IpSets.Remove(remove.Id); break;
            case PolicyUpdate policy: _policies.Update(policy); break;
            case PolicyRemove remove: _policies.Remove(remove.Id); break;
            case ProfileUpdate profile: _policies.Update(new PolicyUpdate(profile.Id, "", profile.Ingress, profile.Egress)); break;
            case ProfileRemove remove: _policies.Remove(remove.Id); break;
            case WorkloadEndpointUpdate endpoint: _dispatch.Update(endpoint); break;
            case WorkloadEndpointRemove remove: _dispatch.Remove(remove.Id); break;
            // Closed would cut the host off and open would be a lie: whoever sends one must be told.
            case HostEndpointUpdate host: throw new NotSupportedException($"The nftables data plane does not program host endpoints; '{host.Id}' must not be sent to it.");
            case PoolsUpdate pools: _pools.Update(pools.Pools); break;
            case NodeSettings settings: Use(settings); break;
            case Contract.InSync: InSync = true; break;
            // Routes are another driver's.
            default: break;
        }
    }

    /// <summary>Brings the chains up to date with what was accepted.</summary>
    public void Render()
    {
        _policies.Render(_settings);
        _bindings.Render(_settings);
        // After a restart the table stands with the settings of the last run: it is left alone until those of this one are known.
        if (TableExists && !InSync && !_settingsKnown) return;
        var key = (_settings, _pools.HasNat(IpFamily.V4), _pools.HasNat(IpFamily.V6) && _settings.Ipv6);
        if (key == _static) return;
        _static = key;
        var optional = StaticChains.Optional.ToHashSet();
        foreach (var (chain, rules) in new StaticChains(key.Item1, key.Item2, key.Item3).Render())
        {
            _table.PutChain(chain, rules, StaticChains.Content);
            optional.Remove(chain.Name);
        }
        foreach (string name in optional) _table.RemoveChain(name);
    }

    private void Use(NodeSettings settings)
    {
        if (_settings.Ipv6 != settings.Ipv6)
        {
            IpSets.Ipv6 = settings.Ipv6;
            IpSets.Remake();
            _unions.Remake();
        }
        _settings = settings;
        _settingsKnown = true;
        _policies.MarkAll();
        _bindings.MarkAll();
    }
}
