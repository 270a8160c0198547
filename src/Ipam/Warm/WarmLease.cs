using Margay.Ipam.Collection;
using Margay.Model.Resources;

namespace Margay.Ipam.Warm;

/// <summary>
/// For how long a node may give what it keeps ready without asking: the collector takes it back once the node's object has
/// been gone for the grace period, and a node that is cut off must have stopped giving before.
/// </summary>
internal sealed class WarmLease
{
    /// <summary>Well below the shortest time after which the collector takes addresses back that a node keeps.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(10);

    /// <summary>How long the collector waits at least, whatever grace period it has.</summary>
    public static readonly TimeSpan CollectorWaits = IpamCollector.DefaultGrace;

    private long _from = long.MinValue;

    /// <summary>The node's object as it was seen last.</summary>
    public Node? Node { get; private set; }

    /// <summary>True while addresses may be given. A clock that was set back ends it, too.</summary>
    public bool Holds(DateTimeOffset now) => Age(now) is { } age && age >= TimeSpan.Zero && age < Length;

    /// <summary>True when it is time to look for the node's object again.</summary>
    public bool IsDue(DateTimeOffset now) => Age(now) is not { } age || age < TimeSpan.Zero || age >= Length / 2;

    /// <summary>The node's object was there; <paramref name="asked"/> is when the question was sent.</summary>
    public void Renew(Node node, DateTimeOffset asked)
    {
        Node = node;
        Volatile.Write(ref _from, asked.UtcTicks);
    }

    /// <summary>The node's object is gone.</summary>
    public void End()
    {
        Volatile.Write(ref _from, long.MinValue);
        Node = null;
    }

    private TimeSpan? Age(DateTimeOffset now) => Volatile.Read(ref _from) is var from && from == long.MinValue ? null : new TimeSpan(now.UtcTicks - from);
}
