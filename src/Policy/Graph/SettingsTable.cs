using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;

namespace Margay.Policy.Graph;

/// <summary>Address pools and the settings of this node.</summary>
/// <param name="nodeName">The node.</param>
/// <param name="interfacePrefix">What pod interfaces start with when no configuration says it; null for the contract's default.</param>
internal sealed class SettingsTable(string nodeName, string? interfacePrefix = null)
{
    private readonly Dictionary<string, IPPoolSpec> _pools = new(StringComparer.Ordinal);
    private FelixConfigurationSpec? _default;
    private FelixConfigurationSpec? _node;
    private PoolsUpdate? _sentPools;
    private NodeSettings? _sentSettings;

    /// <summary>Adds, changes or (null) removes a pool.</summary>
    public void SetPool(string name, IPPool? pool)
    {
        if (pool is null) _pools.Remove(name);
        else _pools[name] = pool.Spec;
    }

    /// <summary>Adds, changes or (null) removes a configuration; only <c>default</c> and this node's count.</summary>
    public void SetConfiguration(string name, FelixConfiguration? configuration)
    {
        if (name == "default") _default = configuration?.Spec;
        else if (name == $"node.{nodeName}") _node = configuration?.Spec;
    }

    /// <summary>What has changed.</summary>
    public void TakeUpdates(List<DataplaneUpdate> updates)
    {
        var settings = Settings();
        if (!settings.Equals(_sentSettings)) updates.Add(settings);
        _sentSettings = settings;
        var pools = Pools();
        if (!pools.Equals(_sentPools)) updates.Add(pools);
        _sentPools = pools;
    }

    /// <summary>Every pool, disabled ones included: what was allocated from them still needs its NAT.</summary>
    private PoolsUpdate Pools()
    {
        var pools = new SortedDictionary<IpPrefix, bool>();
        foreach (var spec in _pools.Values)
            if (IpPrefix.TryParse(spec.Cidr, out var cidr))
                pools[cidr] = spec.NatOutgoing == true || (pools.TryGetValue(cidr, out bool other) && other);
        return new PoolsUpdate([.. pools.Select(p => new DataplanePool(p.Key, p.Value))]);
    }

    private NodeSettings Settings()
    {
        var defaults = new NodeSettings();
        string? prefixes = Pick(s => s.InterfacePrefix) ?? interfacePrefix;
        return new NodeSettings
        {
            InterfacePrefixes = string.IsNullOrWhiteSpace(prefixes)
                ? defaults.InterfacePrefixes
                : [.. prefixes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            EndpointToHost = Pick(s => s.DefaultEndpointToHostAction)?.ToUpperInvariant() switch
            {
                "ACCEPT" => EndpointToHostAction.Accept,
                "RETURN" => EndpointToHostAction.Return,
                _ => EndpointToHostAction.Drop,
            },
            DropInvalid = Pick(s => s.DisableConntrackInvalidCheck) != true,
            LogPrefix = Pick(s => s.LogPrefix) ?? defaults.LogPrefix,
            RejectInsteadOfDrop = string.Equals(Pick(s => s.NftablesFilterDenyAction), "Reject", StringComparison.OrdinalIgnoreCase),
            Ipv6 = Pick(s => s.Ipv6Support) ?? defaults.Ipv6,
            FailsafeInbound = Ports(Pick(s => s.FailsafeInboundHostPorts), defaults.FailsafeInbound),
            FailsafeOutbound = Ports(Pick(s => s.FailsafeOutboundHostPorts), defaults.FailsafeOutbound),
        };
    }

    /// <summary>An empty list opens none; an entry that cannot be understood opens nothing.</summary>
    private static ImmutableArray<FailsafePort> Ports(List<ProtoPort>? given, ImmutableArray<FailsafePort> defaults) =>
        given is null ? defaults : [.. given.Select(Port).OfType<FailsafePort>()];

    private static FailsafePort? Port(ProtoPort? port)
    {
        byte? protocol = port?.Protocol?.ToUpperInvariant() switch
        {
            null or "" or "TCP" => 6,
            "UDP" => 17,
            "SCTP" => 132,
            _ => null,
        };
        if (port is null || protocol is not { } number || port.Port is < 0 or > ushort.MaxValue) return null;
        if (string.IsNullOrEmpty(port.Net)) return new FailsafePort(number, (ushort)port.Port);
        return IpPrefix.TryParse(port.Net, out var net) ? new FailsafePort(number, (ushort)port.Port, net) : null;
    }

    private T? Pick<T>(Func<FelixConfigurationSpec, T?> field)
    {
        if (_node is not null && field(_node) is { } own) return own;
        return _default is null ? default : field(_default);
    }
}
