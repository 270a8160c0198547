using System.Diagnostics.Metrics;

namespace Margay.Ipam.Allocation;

/// <summary>Counts what address management does; meter <c>Margay.Ipam</c>.</summary>
public sealed class IpamMetrics : IDisposable
{
    private readonly Meter _meter = new("Margay.Ipam");
    private readonly Counter<long> _writesCounter, _conflictsCounter, _assignedCounter, _releasedCounter, _claimsCounter, _refusedCounter, _readyCounter;
    private long _writes, _conflicts, _assigned, _released, _claims;

    /// <summary>Makes the meter.</summary>
    public IpamMetrics()
    {
        _writesCounter = _meter.CreateCounter<long>("ipam_datastore_writes", description: "Writes tried, by kind of object.");
        _conflictsCounter = _meter.CreateCounter<long>("ipam_datastore_conflicts", description: "Writes lost to somebody else's, by kind of object.");
        _assignedCounter = _meter.CreateCounter<long>("ipam_addresses_assigned", description: "Addresses given, by where: own or borrowed.");
        _readyCounter = _meter.CreateCounter<long>("ipam_addresses_taken_ready", description: "Addresses given without a write, of those that the node keeps ready.");
        _releasedCounter = _meter.CreateCounter<long>("ipam_addresses_released", description: "Addresses taken back.");
        _claimsCounter = _meter.CreateCounter<long>("ipam_blocks_claimed", description: "Blocks claimed, by how: new or reclaimed.");
        _refusedCounter = _meter.CreateCounter<long>("ipam_requests_refused", description: "Requests that got no address, by reason.");
    }

    /// <summary>Writes tried.</summary>
    public long Writes => Interlocked.Read(ref _writes);

    /// <summary>Writes lost to another writer: the measure of contention.</summary>
    public long Conflicts => Interlocked.Read(ref _conflicts);

    /// <summary>Addresses given.</summary>
    public long AddressesAssigned => Interlocked.Read(ref _assigned);

    /// <summary>Addresses taken back.</summary>
    public long AddressesReleased => Interlocked.Read(ref _released);

    /// <summary>Blocks claimed.</summary>
    public long BlocksClaimed => Interlocked.Read(ref _claims);

    internal void Wrote(string kind, WriteStatus status)
    {
        Interlocked.Increment(ref _writes);
        _writesCounter.Add(1, new KeyValuePair<string, object?>("kind", kind));
        if (status == WriteStatus.Done) return;
        Interlocked.Increment(ref _conflicts);
        _conflictsCounter.Add(1, new KeyValuePair<string, object?>("kind", kind));
    }

    internal void Assigned(int count, bool borrowed)
    {
        Interlocked.Add(ref _assigned, count);
        _assignedCounter.Add(count, new KeyValuePair<string, object?>("from", borrowed ? "borrowed" : "own"));
    }

    internal void TookReady(int count)
    {
        Assigned(count, borrowed: false);
        _readyCounter.Add(count);
    }

    internal void Released(int count)
    {
        Interlocked.Add(ref _released, count);
        _releasedCounter.Add(count);
    }

    internal void Claimed(bool reclaimed)
    {
        Interlocked.Increment(ref _claims);
        _claimsCounter.Add(1, new KeyValuePair<string, object?>("how", reclaimed ? "reclaimed" : "new"));
    }

    internal void Refused(RefusalKind kind) => _refusedCounter.Add(1, new KeyValuePair<string, object?>("reason", kind.ToString()));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
