using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Informers;

/// <summary>How an informer behaves.</summary>
public sealed record InformerOptions
{
    /// <summary>The wait after a first failure; it doubles up to <see cref="LongestWait"/>. Default 50 ms.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between two tries. Default 10 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many batches may wait for the reader; then the watches wait too. Default 64.</summary>
    public int Capacity { get; init; } = 64;

    /// <summary>Done to every object before it is handed on; by default what nobody reads is dropped to save memory.</summary>
    public Action<Resource> Trim { get; init; } = ResourceTrimming.Trim;

    /// <summary>Told once when a kind's stream breaks, and once with null when it flows again.</summary>
    public Action<KindInfo, Exception?> OnTrouble { get; init; } = (_, _) => { };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where jitter comes from.</summary>
    public Random Random { get; init; } = Random.Shared;
}

/// <summary>What an informer follows: a kind, or a part of it.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Scope">Which objects.</param>
/// <param name="MayBeAbsent">
/// Whether servers may not have the kind at all: then there are no objects of it, which is no trouble, and it is asked for again
/// from time to time.
/// </param>
public readonly record struct InformerSource(KindInfo Kind, Scope Scope = default, bool MayBeAbsent = false);

/// <summary>Changes that belong together, in their order.</summary>
/// <param name="Updates">The changes; empty when only <paramref name="InSync"/> is news.</param>
/// <param name="InSync">
/// True in one batch only: everything that existed at the start has been handed over with it.
/// </param>
public sealed record InformerBatch(IReadOnlyList<ResourceUpdate> Updates, bool InSync);
