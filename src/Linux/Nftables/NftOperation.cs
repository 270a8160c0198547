using System.Collections.Immutable;

namespace Margay.Linux.Nftables;

/// <summary>One step of a transaction, on the transaction's table.</summary>
public abstract record NftOperation;

/// <summary>Makes the table; nothing happens when it exists.</summary>
public sealed record NftAddTable : NftOperation;

/// <summary>Removes the table and everything in it.</summary>
public sealed record NftDeleteTable : NftOperation;

/// <summary>Makes a chain; nothing happens when it exists and is the same.</summary>
/// <param name="Chain">The chain.</param>
public sealed record NftAddChain(NftChain Chain) : NftOperation;

/// <summary>Removes a chain with its rules; EBUSY when something refers to it.</summary>
/// <param name="Name">The chain.</param>
public sealed record NftDeleteChain(string Name) : NftOperation;

/// <summary>Removes every rule of a chain.</summary>
/// <param name="Name">The chain.</param>
public sealed record NftFlushChain(string Name) : NftOperation;

/// <summary>Adds a rule: at the end of the chain, or right before another one.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Before">The handle of the rule to stand before; 0 for the end.</param>
public sealed record NftAddRule(string Chain, NftRule Rule, ulong Before = 0) : NftOperation;

/// <summary>Removes a rule.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Rule">The rule, with its handle.</param>
public sealed record NftDeleteRule(string Chain, NftRule Rule) : NftOperation;

/// <summary>Makes a set; nothing happens when it exists and is the same.</summary>
/// <param name="Set">The set.</param>
public sealed record NftAddSet(NftSet Set) : NftOperation;

/// <summary>Removes a set with its elements; EBUSY when a rule refers to it.</summary>
/// <param name="Set">The set.</param>
public sealed record NftDeleteSet(NftSet Set) : NftOperation;

/// <summary>Adds elements; those that are there already stay.</summary>
/// <param name="Set">The set.</param>
/// <param name="Elements">What to add.</param>
public sealed record NftAddElements(NftSet Set, ImmutableArray<NftElement> Elements) : NftOperation;

/// <summary>Removes elements; ENOENT when one is missing.</summary>
/// <param name="Set">The set.</param>
/// <param name="Elements">What to remove; verdicts do not matter.</param>
public sealed record NftDeleteElements(NftSet Set, ImmutableArray<NftElement> Elements) : NftOperation;
