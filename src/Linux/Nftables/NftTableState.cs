namespace Margay.Linux.Nftables;

/// <summary>A chain with its rules in order.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Rules">Its rules, with handles.</param>
public sealed record NftChainState(NftChain Chain, List<NftRule> Rules);

/// <summary>A set with its elements, in no order.</summary>
/// <param name="Set">The set.</param>
/// <param name="Elements">Its elements.</param>
public sealed record NftSetState(NftSet Set, List<NftElement> Elements);

/// <summary>What a table holds, as read back.</summary>
public sealed class NftTableState
{
    /// <summary>Chains by name.</summary>
    public Dictionary<string, NftChainState> Chains { get; } = [];

    /// <summary>Sets and verdict maps by name.</summary>
    public Dictionary<string, NftSetState> Sets { get; } = [];

    /// <summary>Named sets of kinds that Margay never makes: somebody put them into the table. Anonymous ones belong to their rule.</summary>
    public List<string> ForeignSets { get; } = [];
}
