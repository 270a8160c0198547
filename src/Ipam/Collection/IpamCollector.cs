using Margay.Foundation.Primitives;
using Margay.Ipam.Allocation;
using Margay.Ipam.Blocks;
using Margay.Ipam.Warm;
using Margay.Model.Resources;

namespace Margay.Ipam.Collection;

/// <summary>What a round of collection did.</summary>
/// <param name="Suspected">Leaked addresses seen, whether proven or not.</param>
/// <param name="Released">Addresses taken back.</param>
/// <param name="HandlesMended">Handle objects set right or removed.</param>
/// <param name="BlocksGivenUp">Blocks that lost their owner or went.</param>
/// <param name="ClaimsMended">Affinities completed or removed.</param>
public sealed record CollectionResult(
    int Suspected, IReadOnlyList<(IpAddr Address, string Reason)> Released, int HandlesMended, int BlocksGivenUp, int ClaimsMended);

/// <summary>
/// Takes back what nobody uses: addresses of pods and nodes that are gone, handle entries and half-done claims that a
/// crash left, blocks that stay empty. Nothing is touched before it was seen twice, the same each time, at least the
/// grace period apart, and then once more just before the write; every write is compare-and-swap on what was seen.
/// One collector per cluster is enough, two do no harm.
/// </summary>
public sealed class IpamCollector
{
    /// <summary>Upstream's default grace period.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromMinutes(15);

    private readonly IIpamStore _store;
    private readonly IpamClient _client;
    private readonly HandleRecords _handles;
    private readonly BlockCollector _blocks;
    private readonly TimeProvider _time;
    private readonly Suspects<AddressRelease> _leaks;
    private readonly Suspects<AddressRelease> _ready;
    private readonly Suspects<(string Handle, string Version)> _entries;

    /// <summary>Makes a collector; its memory of suspects lives as long as it does.</summary>
    public IpamCollector(IIpamStore store, IpamClientOptions options, IpamMetrics metrics, TimeProvider time, TimeSpan grace)
    {
        (_store, _time) = (store, time);
        _client = new IpamClient(store, options with { SoleWriterOfNode = false }, metrics, time);
        var records = new IpamRecords(store, metrics);
        _handles = new HandleRecords(records, options, time);
        _blocks = new BlockCollector(records, new BlockClaims(records, options, metrics, time), time, grace);
        _leaks = new Suspects<AddressRelease>(grace);
        // A node that is cut off goes on giving what it keeps ready for a while, whatever grace period we have.
        _ready = new Suspects<AddressRelease>(grace > WarmLease.CollectorWaits ? grace : WarmLease.CollectorWaits);
        _entries = new Suspects<(string, string)>(grace);
    }

    /// <summary>The addresses that the last round suspects, proven or not.</summary>
    public IReadOnlyList<IpAddr> Suspected => [.. _leaks.Items.Select(l => l.Address)];

    /// <summary>One round. To be repeated at about a third of the grace period.</summary>
    public async ValueTask<CollectionResult> RunAsync(CancellationToken stop) => await RunAsync(await IpamSnapshot.ReadAsync(_store, stop), stop);

    /// <summary>One round over what was read just now.</summary>
    public async ValueTask<CollectionResult> RunAsync(IpamSnapshot snapshot, CancellationToken stop)
    {
        var released = await CollectAddressesAsync(snapshot, stop);
        int handles = await MendHandlesAsync(snapshot, stop);
        var (givenUp, mended) = await _blocks.RunAsync(snapshot, stop);
        return new CollectionResult(_leaks.Count + _ready.Count, released, handles, givenUp, mended);
    }

    private async ValueTask<IReadOnlyList<(IpAddr, string)>> CollectAddressesAsync(IpamSnapshot snapshot, CancellationToken stop)
    {
        var leaked = Leaked(snapshot.Readable().SelectMany(b => b.Block.Allocations), snapshot.Nodes, snapshot.Pods);
        var now = _time.GetUtcNow();
        List<AddressRelease> proven =
        [
            .. _leaks.Observe(leaked.Where(l => !IsWarm(l.Value)).Select(l => l.Key), now),
            .. _ready.Observe(leaked.Where(l => IsWarm(l.Value)).Select(l => l.Key), now),
        ];
        if (proven.Count == 0) return [];

        // A pod may have come back since the snapshot; what the owners say now decides.
        var (nodes, pods) = await IpamSnapshot.ReadOwnersAsync(_store, stop);
        var still = Leaked(proven.Select(p => leaked[p]), nodes, pods);
        var outcomes = await _client.ReleaseAsync([.. still.Keys], stop);
        return [.. outcomes.Where(o => o.Outcome == ReleaseOutcome.Released)
            .Select(o => (o.Release.Address, Judgement.Of(still[o.Release], nodes, pods).Reason))];
    }

    private async ValueTask<int> MendHandlesAsync(IpamSnapshot snapshot, CancellationToken stop)
    {
        // The version is part of what must stay the same: an entry in use changes it, or is cleared.
        var suspects = HandleAudit.Overstated(snapshot.Handles, snapshot.Readable()).Select(o => o.Handle)
            .Concat(snapshot.Handles.Where(h => h.Spec.Block.Count == 0))
            .Select(h => (h.Spec.HandleId, h.Metadata.ResourceVersion ?? ""));
        int mended = 0;
        foreach (var (handle, version) in _entries.Observe(suspects, _time.GetUtcNow()))
        {
            if (await _handles.MendAsync(handle, version, stop)) mended++;
        }
        return mended;
    }

    private static bool IsWarm(GivenAddress allocation) => allocation.Owner[OwnerAttributes.Type] == WarmOwner.Type;

    private static Dictionary<AddressRelease, GivenAddress> Leaked(
        IEnumerable<GivenAddress> allocations, IReadOnlyDictionary<string, Node> nodes, IReadOnlyDictionary<string, Pod> pods) =>
        allocations.Where(a => Judgement.Of(a, nodes, pods).Standing == Standing.Leaked)
            .ToDictionary(a => new AddressRelease(a.Address, a.Sequence, a.Owner.CleanHandle));
}
