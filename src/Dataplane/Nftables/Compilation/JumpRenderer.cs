using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables.Rendering;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Compilation;

/// <summary>Renders jumps to policies and groups, in order.</summary>
internal sealed class JumpRenderer(PolicyDirection direction, NodeSettings settings, Func<AddressFilter, IpFamily, string?> nameOf)
{
    /// <summary>Sets named by content that the rendered rules use.</summary>
    public Dictionary<string, ContentSet> Sets { get; } = [];

    /// <summary>Adds a jump for each node; returns whether a packet may have the pass mark after them.</summary>
    /// <param name="rules">Where the rules go.</param>
    /// <param name="nodes">The nodes in order.</param>
    public bool Render(ImmutableArray<NftRule>.Builder rules, IEnumerable<PolicyNode> nodes)
    {
        bool mayBePassed = false;
        foreach (var node in nodes)
        {
            foreach (var test in Tests(node)) rules.Add(UnlessPassed(mayBePassed).Add(test).Then(NftVerdict.Jump(node.Chain)));
            mayBePassed |= node.CanPass;
        }
        return mayBePassed;
    }

    public static RuleBuilder UnlessPassed(bool mayBePassed)
    {
        var builder = new RuleBuilder();
        return mayBePassed ? builder.Marked(RuleActions.PassMark, false) : builder;
    }

    // A policy tests for itself; a group is tested here. At most one of the alternatives holds for a packet.
    private IEnumerable<ImmutableArray<NftExpression>> Tests(PolicyNode node)
    {
        if (!node.IsGroup) return [[]];
        if (node.Filter.Addresses is { } addresses)
        {
            var side = direction == PolicyDirection.Ingress ? Side.Source : Side.Destination;
            IEnumerable<IpFamily> families = settings.Ipv6 ? [IpFamily.V4, IpFamily.V6] : [IpFamily.V4];
            return families.Select(family => (Family: family, Set: nameOf(addresses, family))).Where(static entry => entry.Set is not null)
                .Select(entry => new RuleBuilder().Family(entry.Family).Address(side, entry.Family, entry.Set!).ToExpressions());
        }
        if (node.Filter.Ports is { } ports)
        {
            var set = ContentSets.ProtocolPorts(ports);
            Sets[set.Set.Name] = set;
            return [new RuleBuilder().ProtocolPort(Side.Destination, set.Set.Name).ToExpressions()];
        }
        return [[]];
    }
}
