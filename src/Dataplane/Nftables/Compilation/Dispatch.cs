using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Programming;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Dataplane.Nftables.Sets;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>The endpoints of this node: which interface leads to which chain, and which addresses it may send from.</summary>
internal sealed class Dispatch
{
    private readonly Bindings _bindings;
    private readonly Dictionary<EndpointId, Programmed> _endpoints = [];
    private readonly TrackedSet _from;
    private readonly TrackedSet _to;
    private readonly TrackedSet _interfaces;
    private readonly TrackedSet _sources4;
    private readonly TrackedSet _sources6;
    private readonly TrackedSet _allowed4;
    private readonly TrackedSet _allowed6;

    public Dispatch(DesiredTable table, Bindings bindings)
    {
        _bindings = bindings;
        _from = new TrackedSet(new NftSet(Names.FromWorkload, NftType.InterfaceName) { VerdictMap = true }, table);
        _to = new TrackedSet(new NftSet(Names.ToWorkload, NftType.InterfaceName) { VerdictMap = true }, table);
        _interfaces = new TrackedSet(new NftSet(Names.Workloads, NftType.InterfaceName), table);
        _sources4 = new TrackedSet(new NftSet(Names.Sources(IpFamily.V4), NftType.InterfaceName, NftType.Ipv4Address), table);
        _sources6 = new TrackedSet(new NftSet(Names.Sources(IpFamily.V6), NftType.InterfaceName, NftType.Ipv6Address), table);
        _allowed4 = new TrackedSet(new NftSet(Names.AllowedSources(IpFamily.V4), NftType.InterfaceName, NftType.Ipv4Address) { Interval = true }, table);
        _allowed6 = new TrackedSet(new NftSet(Names.AllowedSources(IpFamily.V6), NftType.InterfaceName, NftType.Ipv6Address) { Interval = true }, table);
    }

    public void Update(WorkloadEndpointUpdate endpoint)
    {
        // The new bindings are taken before the old ones are given back: what both have stays as it is.
        string to = _bindings.Acquire(PolicyDirection.Ingress, endpoint.IngressTiers, endpoint.Profiles);
        string from = _bindings.Acquire(PolicyDirection.Egress, endpoint.EgressTiers, endpoint.Profiles);
        Remove(endpoint.Id);
        var programmed = new Programmed(endpoint, from, to);
        _endpoints[endpoint.Id] = programmed;
        Apply(programmed, static (set, element) => set.Add(element));
    }

    public void Remove(EndpointId id)
    {
        if (!_endpoints.Remove(id, out var old)) return;
        Apply(old, static (set, element) => set.Remove(element));
        _bindings.Release(old.From);
        _bindings.Release(old.To);
    }

    private void Apply(Programmed endpoint, Action<TrackedSet, NftElement> change)
    {
        string name = endpoint.Source.HostInterface;
        var key = NftValue.InterfaceName(name);
        // Jump, not goto. A packet that is under way while a transaction commits sees the rules of the old generation and
        // the elements of the new one: a chain that the transaction made is empty to it. From a jump it comes back to the
        // standing drop; after a goto it would meet the base chain's policy, which accepts.
        change(_from, new NftElement(key, Verdict: NftVerdict.Jump(endpoint.From)));
        change(_to, new NftElement(key, Verdict: NftVerdict.Jump(endpoint.To)));
        change(_interfaces, new NftElement(key));
        foreach (var address in endpoint.Source.Addresses)
            change(address.Family == IpFamily.V4 ? _sources4 : _sources6, Elements.InterfaceAddress(name, address));
        foreach (var prefix in Elements.Outermost(endpoint.Source.AllowedSources))
            change(prefix.Family == IpFamily.V4 ? _allowed4 : _allowed6, Elements.InterfacePrefix(name, prefix));
    }

    private sealed record Programmed(WorkloadEndpointUpdate Source, string From, string To);
}
