namespace Margay.Ipam.Allocation;

/// <summary>How an <see cref="IpamClient"/> works.</summary>
public sealed record IpamClientOptions
{
    /// <summary>When IPAMHandle objects are written; see the design page.</summary>
    public HandleRecording Handles { get; init; } = HandleRecording.BorrowedOnly;

    /// <summary>
    /// Set when this client is the only one that gives addresses to its nodes, as in a node service that holds the node's
    /// lock. It then remembers the node's blocks between requests instead of reading them each time; other writers of a
    /// block (borrowers, the collector) are still noticed, by their version. Off, any number of clients may serve a node.
    /// </summary>
    public bool SoleWriterOfNode { get; init; }

    /// <summary>
    /// How many addresses of each family and pool a node keeps ready, so that a pod's start waits for no write; 0 gives back
    /// what it kept. Null leaves alone what is kept: for everybody who is not the node's only service, which is also who may
    /// set it. Takes effect with <see cref="SoleWriterOfNode"/> and <see cref="HandleRecording.BorrowedOnly"/>.
    /// </summary>
    public int? WarmAddresses { get; init; }

    /// <summary>True when this client keeps addresses ready.</summary>
    internal bool KeepsWarm => WarmAddresses is not null && SoleWriterOfNode && Handles == HandleRecording.BorrowedOnly;

    /// <summary>How often one step is tried again after losing a race; upstream's figure.</summary>
    public int MaxAttempts { get; init; } = 100;

    /// <summary>The longest pause between attempts; pauses are random and grow up to it. Zero retries at once.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long after its claim an empty block is safe from being reclaimed by another node.</summary>
    public TimeSpan ReclaimAge { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>When IPAMHandle objects are written.</summary>
public enum HandleRecording
{
    /// <summary>
    /// Only for borrowed addresses: those in a node's own blocks are found there, by the handle in the allocation. A pod
    /// start is then one write.
    /// </summary>
    BorrowedOnly,

    /// <summary>For every address, before the block is written, as upstream does: for clusters where both run side by side.</summary>
    Always,
}
