using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Watch;

/// <summary>What all watches of a server have in common.</summary>
internal sealed class WatchSettings
{
    /// <summary>How often a quiet watch is told how far it is.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A watch without a timeout of its own ends after this up to twice this: clients come back at different times.</summary>
    public TimeSpan ShortestTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Ends all watches when the server stops.</summary>
    public CancellationToken Draining { get; init; }

    /// <summary>Told when a follower's place is no longer kept; says what its client hears.</summary>
    public Func<CompactedException, ApiException> Fallen { get; init; } = Failures.Expired;

    /// <summary>Counts a watch until it is disposed of.</summary>
    public Func<ServedKind, IDisposable?> Counted { get; init; } = static _ => null;
}
