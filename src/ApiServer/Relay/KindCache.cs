using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Relay;

/// <summary>
/// One kind as the API server has it, a little later: the newest state and the last changes, in memory. To lists and watches
/// it is a storage like any other; what it cannot do is write, and remember what no longer fits.
/// </summary>
internal sealed class KindCache(ServedKind kind, int backlog) : IStorage, IChangeHistory
{
    private volatile bool _ready;

    public ServedKind Kind { get; } = kind;

    public RevisionedState State { get; } = new(backlog);

    /// <summary>Whether it was ever in step.</summary>
    public bool IsReady => _ready;

    /// <summary>Whether the API server has no such kind.</summary>
    public bool IsAbsent { get; private set; }

    public long CurrentRevision => State.Current.Revision;

    public long CompactedRevision => Math.Max(State.Compacted, State.Oldest);

    public string? Trouble => _ready || IsAbsent ? null : $"{Kind.Plural} were not read yet";

    /// <summary>Takes a complete list. Whoever follows an earlier one begins again.</summary>
    public void Replace(Snapshot state)
    {
        State.Restart(state);
        (IsAbsent, _ready) = (false, true);
    }

    public void Absent() => IsAbsent = true;

    public void Apply(IReadOnlyList<StorageEvent> changes, long upTo)
    {
        if (upTo > CurrentRevision) State.Publish(State.Current.With(changes, upTo), changes);
    }

    /// <summary>As new as it is: a relay does not ask the API server for each request.</summary>
    public ValueTask CatchUpAsync(CancellationToken stop) => default;

    public ValueTask<StoredObject?> GetAsync(string key, CancellationToken stop) => new(State.Current.Get(key));

    public ValueTask<StoragePage> ListAsync(StorageQuery query, CancellationToken stop)
    {
        var since = new List<StorageEvent>();
        Snapshot now = State.CaptureSince(query.Revision, query.Prefix, since, out long oldest);
        if (query.Revision == 0 || query.Revision == now.Revision) return new(now.Range(query));
        if (query.Revision > now.Revision) throw new FutureRevisionException(query.Revision, now.Revision);
        if (query.Revision < oldest) throw new CompactedException(query.Revision, oldest);
        return new(now.Without(since, query.Revision).Range(query));
    }

    public Task<WriteResult> WriteAsync(StorageWrite write, CancellationToken stop) => throw new NotSupportedException("A relay does not write.");

    public IStorageWatch Watch(string prefix, long afterRevision) => new LogWatch(State, this, prefix, afterRevision);

    /// <summary>What has left memory is gone: such a client was too slow, and is told so.</summary>
    public ValueTask<HistoryPage> ReadAsync(long after, long until, int most, CancellationToken stop) => throw new CompactedException(after, until);

    public ValueTask DisposeAsync() => default;

    /// <summary>An object of the API server as it is kept.</summary>
    public StoredObject Object(JsonObject document)
    {
        (string key, long revision) = Identity(document);
        document["apiVersion"] = Kind.Gvk.ApiVersion;
        document["kind"] = Kind.Gvk.Kind;
        byte[] value = StoredForm.Write(document);
        // What states exactly what is there already is the same object, with everything that readers made of it.
        StoredObject? known = State.Current.Get(key);
        return known?.Revision == revision ? known : new StoredObject(key, value, known?.CreateRevision ?? revision, revision);
    }

    /// <summary>Which object a document is about, and its version.</summary>
    public (string Key, long Revision) Identity(JsonObject document)
    {
        var metadata = document.Child("metadata");
        return (KeySpace.Of(Kind, metadata.Text("namespace"), metadata.Text("name")), Version(metadata));
    }

    public static long Version(JsonObject? metadata) => long.TryParse(metadata.Text("resourceVersion"), out long version)
        ? version
        : throw new InvalidDataException($"the API server gave the version \"{metadata.Text("resourceVersion")}\", which is not a number");
}
