using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Validation;

namespace Margay.Model.Datastore.Fake;

/// <summary>
/// A store in memory with the API server's rules: versions that only grow, conflicts, finalizers, watches that resume,
/// bookmarks and 410. Tests use it instead of a server; <see cref="Intercept"/> lets them make calls fail or wait.
/// </summary>
/// <param name="time">What creation timestamps come from.</param>
public sealed class InMemoryDatastore(TimeProvider? time = null) : IResourceStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly List<Change> _history = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private TaskCompletionSource _changed = NewSignal();
    private long _version = 1;
    private long _compacted = 1;
    private int _connection;

    /// <summary>Runs before every call, with the verb and the object or collection; may throw or wait.</summary>
    public Func<string, ResourceKey, CancellationToken, Task>? Intercept { get; set; }

    /// <summary>Whether defaults are filled in and broken objects refused, as servers do; default true.</summary>
    public bool Validates { get; set; } = true;

    /// <summary>The version of the whole store.</summary>
    public string ResourceVersion
    {
        get
        {
            lock (_lock)
                return Text(_version);
        }
    }

    /// <inheritdoc/>
    public async Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop)
    {
        var key = kind.KeyOf(ns, name);
        await InterceptAsync("get", key, stop);
        lock (_lock)
            return kind.Read(Find(kind, key).Json);
    }

    /// <inheritdoc/>
    public async Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop)
    {
        await InterceptAsync("list", kind.KeyOf(scope.Namespace, ""), stop);
        var filter = new StoredFilter(kind, scope);
        lock (_lock)
            return new Listing([.. _objects.Values.Where(filter.Matches).Select(stored => kind.Read(stored.Json))], Text(_version));
    }

    /// <inheritdoc/>
    public async Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop)
    {
        var metadata = value.Metadata;
        string name = metadata.Name ?? (metadata.GenerateName is { } prefix ? prefix + Guid.NewGuid().ToString("N")[..5] : "");
        var key = kind.KeyOf(metadata.Namespace, name);
        await InterceptAsync("create", key, stop);
        lock (_lock)
        {
            if (name.Length == 0 || (kind.Namespaced && key.Namespace.Length == 0))
                throw Failures.Invalid(kind, key, [new(CauseReason.Required, "metadata", null, "Required value: name and, for namespaced kinds, namespace")]);
            if (_objects.ContainsKey(StoredObject.PathOf(key)))
                throw Failures.AlreadyExists(kind, key);
            var json = ToJson(kind, value);
            if (kind.HasStatus)
                json.Remove("status");
            var meta = Metadata(json);
            meta["name"] = name;
            meta["uid"] = Guid.NewGuid().ToString();
            meta["generation"] = 1;
            meta["creationTimestamp"] = Now();
            meta.Remove("deletionTimestamp");
            return Commit(kind, key, WatchEventType.Added, Admit(kind, key, json, null), null);
        }
    }

    /// <inheritdoc/>
    public async Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop)
    {
        var key = kind.KeyOf(value.Metadata.Namespace, value.Metadata.Name ?? "");
        await InterceptAsync(subresource is null ? "update" : "update/" + subresource, key, stop);
        lock (_lock)
        {
            var old = Find(kind, key);
            var oldJson = old.Tree();
            Check(kind, key, old, value.Metadata.ResourceVersion, value.Metadata.Uid);
            var json = Merge(kind, oldJson, ToJson(kind, value), subresource);
            json = Admit(kind, key, json, old);
            if (JsonNode.DeepEquals(json, oldJson))
                return kind.Read(old.Json);
            if (Metadata(json)["deletionTimestamp"] is not null && Metadata(json)["finalizers"] is not JsonArray { Count: > 0 })
                return Commit(kind, key, WatchEventType.Deleted, json, old);
            return Commit(kind, key, WatchEventType.Modified, json, old);
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop)
    {
        var key = kind.KeyOf(ns, name);
        await InterceptAsync("delete", key, stop);
        lock (_lock)
        {
            var old = Find(kind, key);
            Check(kind, key, old, preconditions?.ResourceVersion, preconditions?.Uid);
            var json = old.Tree();
            if (Metadata(json)["finalizers"] is not JsonArray { Count: > 0 })
            {
                Commit(kind, key, WatchEventType.Deleted, json, old);
            }
            else if (Metadata(json)["deletionTimestamp"] is null)
            {
                Metadata(json)["deletionTimestamp"] = Now();
                Commit(kind, key, WatchEventType.Modified, json, old);
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
        KindInfo kind, Scope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken stop)
    {
        // The connection is that of the call's beginning: one that is dropped while the call is intercepted is dropped.
        int connection;
        lock (_lock)
            connection = _connection;
        await InterceptAsync("watch", kind.KeyOf(scope.Namespace, ""), stop);
        var filter = new StoredFilter(kind, scope);
        long version = long.Parse(resourceVersion, CultureInfo.InvariantCulture);
        while (true)
        {
            var events = new List<WatchEvent>();
            Task changed;
            lock (_lock)
            {
                // The signal is taken before anything is looked at, so that nothing can happen unnoticed in between.
                changed = _changed.Task;
                if (connection != _connection)
                    yield break;
                if (version < _compacted)
                    throw Failures.Expired(version, _compacted);
                foreach (var change in _history)
                {
                    if (change.Version > version && filter.Translate(change) is { } happened)
                        events.Add(happened);
                }

                version = _version;
            }

            if (events.Count > 0)
                yield return events;
            await changed.WaitAsync(stop);
        }
    }

    /// <summary>Forgets old changes, as etcd does: watches that resume from before now end in 410.</summary>
    public void Compact()
    {
        lock (_lock)
        {
            _history.Clear();
            _compacted = _version;
        }
    }

    /// <summary>Ends all watches, as a server that restarts.</summary>
    public void DropWatches()
    {
        lock (_lock)
            _connection++;
        Signal();
    }

    /// <summary>Sends a bookmark to all watches.</summary>
    public void Bookmark()
    {
        lock (_lock)
            _history.Add(new Change(++_version, WatchEventType.Bookmark, null, null));
        Signal();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Metadata(JsonObject json) => (JsonObject)json["metadata"]!;

    private static JsonObject ToJson(KindInfo kind, Resource value)
    {
        var json = (JsonObject)JsonSerializer.SerializeToNode(value, kind.TypeInfo)!;
        json["apiVersion"] = kind.ApiVersion;
        json["kind"] = kind.Kind;
        if (!kind.Namespaced)
            Metadata(json).Remove("namespace");
        return json;
    }

    // The server owns some fields, and the subresource the rest of them.
    private static JsonObject Merge(KindInfo kind, JsonObject old, JsonObject update, string? subresource)
    {
        JsonObject json;
        if (subresource == "status")
        {
            json = (JsonObject)old.DeepClone();
            Copy(update, json, "status");
            return json;
        }

        json = (JsonObject)update.DeepClone();
        if (kind.HasStatus)
            Copy(old, json, "status");
        foreach (string field in (string[])["uid", "creationTimestamp", "deletionTimestamp", "generation", "resourceVersion"])
            Copy(Metadata(old), Metadata(json), field);
        if (!JsonNode.DeepEquals(old["spec"], json["spec"]))
            Metadata(json)["generation"] = (Metadata(old)["generation"]?.GetValue<long>() ?? 0) + 1;
        return json;
    }

    private static void Copy(JsonObject from, JsonObject to, string field)
    {
        to.Remove(field);
        if (from[field] is { } value)
            to[field] = value.DeepClone();
    }

    private static void Check(KindInfo kind, ResourceKey key, StoredObject old, string? version, string? uid)
    {
        if (!string.IsNullOrEmpty(version) && version != Text(old.Version))
            throw Failures.Conflict(kind, key, "the object has been modified; please apply your changes to the latest version and try again");
        if (!string.IsNullOrEmpty(uid) && uid != Metadata(old.Tree())["uid"]?.GetValue<string>())
            throw Failures.Conflict(kind, key, "the object has another uid");
    }

    private JsonObject Admit(KindInfo kind, ResourceKey key, JsonObject json, StoredObject? old)
    {
        if (!Validates)
            return json;
        var value = kind.Read(JsonSerializer.SerializeToUtf8Bytes(json, ModelJson.Default.JsonObject));
        ResourceDefaults.Apply(value);
        var errors = ResourceValidator.Validate(value, old is null ? null : kind.Read(old.Json));
        return errors.Count == 0 ? ToJson(kind, value) : throw Failures.Invalid(kind, key, errors);
    }

    private string Now() => _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private Task InterceptAsync(string verb, ResourceKey key, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return Intercept?.Invoke(verb, key, stop) ?? Task.CompletedTask;
    }

    private StoredObject Find(KindInfo kind, ResourceKey key) =>
        _objects.GetValueOrDefault(StoredObject.PathOf(key)) ?? throw Failures.NotFound(kind, key);

    private Resource Commit(KindInfo kind, ResourceKey key, WatchEventType type, JsonObject json, StoredObject? old)
    {
        long version = ++_version;
        Metadata(json)["resourceVersion"] = Text(version);
        var stored = new StoredObject(kind, key, version, JsonSerializer.SerializeToUtf8Bytes(json, ModelJson.Default.JsonObject));
        if (type == WatchEventType.Deleted)
            _objects.Remove(stored.Path);
        else
            _objects[stored.Path] = stored;
        _history.Add(new Change(version, type, stored, old));
        Signal();
        return kind.Read(stored.Json);
    }

    private void Signal() => Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
}
