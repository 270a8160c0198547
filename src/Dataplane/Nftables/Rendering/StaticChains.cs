using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>
/// The chains that depend on settings only: where packets enter our table, and the standing rules that drop what comes from or goes
/// to a workload interface that has no policy. Policy towards a workload is a base chain of its own, right after
/// the one for policy from a workload: "accept" ends one base chain, and a packet between two pods of this node passes both.
/// </summary>
internal sealed class StaticChains(NodeSettings settings, bool nat4, bool nat6)
{
    private const string Unprogrammed = "workload interface without policy";

    // Priorities of include/uapi/linux/netfilter_ipv4.h: raw, filter and the one after it, source NAT.
    private static readonly NftChain Prerouting = new("prerouting", new NftHook("filter", NftHookPoint.Prerouting, -300));
    private static readonly NftChain Forward = new("forward", new NftHook("filter", NftHookPoint.Forward, 0));
    private static readonly NftChain ForwardTo = new("forward-to-workload", new NftHook("filter", NftHookPoint.Forward, 1));
    private static readonly NftChain Input = new("input", new NftHook("filter", NftHookPoint.Input, 0));
    private static readonly NftChain InputHost = new("input-to-host", new NftHook("filter", NftHookPoint.Input, 1));
    private static readonly NftChain Output = new("output", new NftHook("filter", NftHookPoint.Output, 0));
    private static readonly NftChain Postrouting = new("postrouting", new NftHook("nat", NftHookPoint.Postrouting, 100));
    private static readonly NftChain WorkloadSource = new("workload-source");

    /// <summary>Types that hosts need to find and keep each other: multicast listener discovery (RFC 2710, RFC 3810), router solicitation and neighbour discovery (RFC 4861).</summary>
    internal static ContentSet NeighbourTypes { get; } = new(
        new NftSet(Names.NeighbourTypes, NftType.Icmpv6Type),
        [.. new byte[] { 130, 131, 132, 133, 135, 136, 143 }.Select(static type => new NftElement(NftValue.U8(type)))]);

    internal static IReadOnlyDictionary<string, ContentSet> Content { get; } =
        new Dictionary<string, ContentSet> { [Names.NeighbourTypes] = NeighbourTypes };

    private ImmutableArray<string> Prefixes => settings.InterfacePrefixes;

    /// <summary>Every chain with its rules.</summary>
    internal IEnumerable<(NftChain Chain, ImmutableArray<NftRule> Rules)> Render()
    {
        yield return (WorkloadSource, [.. SourceRules()]);
        yield return (Prerouting, [.. Prefixes.Select(static prefix => new RuleBuilder().InputPrefix(prefix).Then(NftVerdict.Goto(WorkloadSource.Name)))]);
        yield return (Forward, [.. ForwardRules()]);
        yield return (ForwardTo, [.. ForwardToRules()]);
        yield return (Input, [.. InputRules()]);
        if (settings.EndpointToHost == EndpointToHostAction.Drop) yield return (InputHost, [.. InputHostRules()]);
        yield return (Output, [.. OutputRules()]);
        if (nat4 || nat6) yield return (Postrouting, [.. NatRules()]);
    }

    /// <summary>Names of chains that some settings do without.</summary>
    internal static IEnumerable<string> Optional => [InputHost.Name, Postrouting.Name];

    private static NftRule EstablishedAccept => new RuleBuilder().State(NftCtState.Established | NftCtState.Related).Then(NftVerdict.Accept);

    // Before the established pass. Both directions of every connection of a workload go through forward or input.
    private static NftRule ForbiddenDrop =>
        new RuleBuilder().ConnectionMarked(ConnectionMark.Forbidden).Counter().Then(NftVerdict.Drop, "connection that policy has come to forbid");

    private IEnumerable<NftRule> SourceRules()
    {
        foreach (var family in Families)
        {
            yield return new RuleBuilder().Family(family).InputAndSource(family, Names.Sources(family)).Then(NftVerdict.Accept);
            // Reached by packets that are on their way to the drop, so it costs others nothing.
            yield return new RuleBuilder().Family(family).InputAndSource(family, Names.AllowedSources(family)).Then(NftVerdict.Accept);
        }
        if (settings.Ipv6)
        {
            // Before and beside its own address an IPv6 host speaks from the unspecified and a link-local one, to its link only.
            foreach (string from in new[] { "fe80::/10", "::/128" })
                yield return Neighbour(new RuleBuilder()).Family(IpFamily.V6).Net(Side.Source, IpPrefix.Parse(from)).Then(NftVerdict.Accept);
        }
        yield return new RuleBuilder().Counter().Then(NftVerdict.Drop, "source address that the workload does not have");
    }

    private IEnumerable<NftRule> ForwardRules()
    {
        yield return ForbiddenDrop;
        yield return EstablishedAccept;
        foreach (var rule in InvalidDrops(true)) yield return rule;
        yield return new RuleBuilder().VerdictByInput(Names.FromWorkload);
        foreach (string prefix in Prefixes) yield return new RuleBuilder().InputPrefix(prefix).Counter().Then(NftVerdict.Drop, Unprogrammed);
    }

    private IEnumerable<NftRule> ForwardToRules()
    {
        yield return EstablishedAccept;
        foreach (var rule in Ipv6Drops()) yield return rule;
        yield return new RuleBuilder().VerdictByOutput(Names.ToWorkload);
        foreach (string prefix in Prefixes) yield return new RuleBuilder().OutputPrefix(prefix).Counter().Then(NftVerdict.Drop, Unprogrammed);
    }

    private IEnumerable<NftRule> InputRules()
    {
        yield return ForbiddenDrop;
        yield return EstablishedAccept;
        foreach (var rule in InvalidDrops(false)) yield return rule;
        foreach (var rule in NeighbourAccepts()) yield return rule;
        yield return new RuleBuilder().VerdictByInput(Names.FromWorkload);
        foreach (string prefix in Prefixes) yield return new RuleBuilder().InputPrefix(prefix).Counter().Then(NftVerdict.Drop, Unprogrammed);
    }

    private IEnumerable<NftRule> InputHostRules()
    {
        yield return EstablishedAccept;
        foreach (var rule in NeighbourAccepts()) yield return rule;
        foreach (string prefix in Prefixes)
            yield return new RuleBuilder().InputPrefix(prefix).Counter().Then(NftVerdict.Drop, "workload to its own node");
    }

    // The host may always talk to its own workloads, but not to an interface that nobody programmed.
    private IEnumerable<NftRule> OutputRules()
    {
        foreach (string prefix in Prefixes)
        {
            if (settings.Ipv6) yield return Neighbour(new RuleBuilder().OutputPrefix(prefix)).Then(NftVerdict.Accept);
            yield return new RuleBuilder().OutputPrefix(prefix).OutputNotIn(Names.Workloads).Counter().Then(NftVerdict.Drop, Unprogrammed);
        }
    }

    private IEnumerable<NftRule> NatRules()
    {
        foreach (var family in Families)
        {
            if (!(family == IpFamily.V4 ? nat4 : nat6)) continue;
            var builder = new RuleBuilder().Family(family);
            foreach (string prefix in Prefixes) builder.OutputPrefix(prefix, equal: false);
            builder.Address(Side.Source, family, Names.NatPools(family)).Address(Side.Destination, family, Names.AllPools(family), inside: false);
            yield return builder.Counter().Add(new NftMasquerade(NftMasquerade.FullyRandom)).Build("outgoing NAT");
        }
    }

    private IEnumerable<NftRule> InvalidDrops(bool outgoing)
    {
        if (!settings.DropInvalid) yield break;
        foreach (string prefix in Prefixes)
        {
            yield return new RuleBuilder().State(NftCtState.Invalid).InputPrefix(prefix).Counter().Then(NftVerdict.Drop, "invalid");
            if (outgoing) yield return new RuleBuilder().State(NftCtState.Invalid).OutputPrefix(prefix).Counter().Then(NftVerdict.Drop, "invalid");
        }
    }

    private IEnumerable<NftRule> NeighbourAccepts() =>
        settings.Ipv6 ? Prefixes.Select(static prefix => Neighbour(new RuleBuilder().InputPrefix(prefix)).Then(NftVerdict.Accept)) : [];

    // Without IPv6 no set tells one workload's IPv6 traffic from another's: none passes.
    private IEnumerable<NftRule> Ipv6Drops() =>
        settings.Ipv6 ? [] : Prefixes.Select(static prefix => new RuleBuilder().Family(IpFamily.V6).OutputPrefix(prefix).Counter().Then(NftVerdict.Drop, "IPv6 is off"));

    private IEnumerable<IpFamily> Families => settings.Ipv6 ? [IpFamily.V4, IpFamily.V6] : [IpFamily.V4];

    private static RuleBuilder Neighbour(RuleBuilder builder) => builder.Protocol(Protocols.Icmpv6).IcmpTypeIn(Names.NeighbourTypes);
}
