using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;

namespace Margay.Dataplane.Nftables.Rendering;

/// <summary>A set whose name is its content: lists of nets or ports that rules share.</summary>
/// <param name="Set">The set.</param>
/// <param name="Elements">All of it, for ever.</param>
internal sealed record ContentSet(NftSet Set, ImmutableArray<NftElement> Elements);

/// <summary>What rendering a rule needs to know besides the rule, and the shared sets that it asks for.</summary>
/// <param name="settings">The node's settings.</param>
/// <param name="nameOf">The kernel's set for an IP set and family.</param>
internal sealed class RenderContext(NodeSettings settings, Func<IpSetId, IpFamily, IpSetKind, string?> nameOf)
{
    /// <summary>The node's settings.</summary>
    public NodeSettings Settings { get; } = settings;

    /// <summary>Sets that the rendered rules use.</summary>
    public Dictionary<string, ContentSet> Sets { get; } = [];

    /// <summary>The kernel's set for an IP set and family; null when it has never had a member.</summary>
    public string? NameOf(IpSetId id, IpFamily family, IpSetKind kind = IpSetKind.Net) => nameOf(id, family, kind);

    /// <summary>Asks for a set and returns its name.</summary>
    public string Use(ContentSet set)
    {
        Sets[set.Set.Name] = set;
        return set.Set.Name;
    }
}
