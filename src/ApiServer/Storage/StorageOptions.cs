namespace Margay.ApiServer.Storage;

/// <summary>How much history is kept, and where.</summary>
internal sealed class StorageOptions
{
    /// <summary>At most so many changes can be watched from the past.</summary>
    public int RetainEvents { get; init; } = 20_000;

    /// <summary>Changes older than this are forgotten.</summary>
    public TimeSpan RetainFor { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many of the newest changes are held in memory; older ones are read from disk.</summary>
    public int WindowEvents { get; init; } = 4096;

    /// <summary>How often age is looked at.</summary>
    public TimeSpan CompactionInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told after each commit: the number of changes and how long it took.</summary>
    public Action<int, TimeSpan>? OnCommit { get; init; }
}
