using System.Globalization;
using Margay.Ipam.Allocation;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Ipam.Tests.Support;

/// <summary>A datastore in memory with the API server's rules: versions rise, a write of an old version fails, equal writes change nothing.</summary>
internal sealed class MemoryStore : IIpamStore
{
    private readonly SortedDictionary<(string Kind, string Name), Resource> _objects = [];
    private long _version;

    public int Writes { get; private set; }

    public int Reads { get; private set; }

    public T Put<T>(T value) where T : Resource, new()
    {
        lock (_objects) return Store(Clone(value), uid: Guid.NewGuid().ToString());
    }

    public void Remove<T>(string name, string? ns = null) where T : Resource
    {
        lock (_objects) _objects.Remove((typeof(T).Name, $"{ns}/{name}"));
    }

    public List<T> All<T>() where T : Resource, new()
    {
        lock (_objects) return [.. _objects.Where(o => o.Key.Kind == typeof(T).Name).Select(o => Clone((T)o.Value))];
    }

    /// <summary>The objects themselves, for looking only.</summary>
    public IEnumerable<T> Peek<T>() where T : Resource => _objects.Values.OfType<T>();

    public T? Find<T>(string name) where T : Resource, new()
    {
        lock (_objects) return _objects.TryGetValue((typeof(T).Name, $"/{name}"), out var value) ? Clone((T)value) : null;
    }

    public ValueTask<T?> GetAsync<T>(string name, CancellationToken stop) where T : Resource, new()
    {
        Reads++;
        return new(Find<T>(name));
    }

    public ValueTask<IReadOnlyList<T>> ListAsync<T>((string Label, string Value)? only, CancellationToken stop) where T : Resource, new()
    {
        Reads++;
        IReadOnlyList<T> found = [.. All<T>().Where(o => only is not { } l || o.Metadata.Labels?.GetValueOrDefault(l.Label) == l.Value)];
        return new(found);
    }

    public ValueTask<Written<T>> CreateAsync<T>(T value, CancellationToken stop) where T : Resource, new()
    {
        lock (_objects)
        {
            Writes++;
            return new(_objects.ContainsKey(KeyOf(value))
                ? new Written<T>(WriteStatus.Exists, null)
                : new Written<T>(WriteStatus.Done, Store(Clone(value), Guid.NewGuid().ToString())));
        }
    }

    public ValueTask<Written<T>> UpdateAsync<T>(T value, CancellationToken stop) where T : Resource, new()
    {
        lock (_objects)
        {
            Writes++;
            if (Check(value) is { } failed) return new(new Written<T>(failed, null));
            var current = (T)_objects[KeyOf(value)];
            var info = KindRegistry.Of<T>();
            // As in Kubernetes, a write that changes nothing makes no new version.
            if (Json(info, current) == Json(info, value)) return new(new Written<T>(WriteStatus.Done, Clone(current)));
            return new(new Written<T>(WriteStatus.Done, Store(Clone(value), current.Metadata.Uid!)));
        }
    }

    public ValueTask<WriteStatus> DeleteAsync<T>(T value, CancellationToken stop) where T : Resource, new()
    {
        lock (_objects)
        {
            Writes++;
            if (Check(value) is { } failed) return new(failed);
            _objects.Remove(KeyOf(value));
            return new(WriteStatus.Done);
        }
    }

    private WriteStatus? Check<T>(T value) where T : Resource
    {
        if (!_objects.TryGetValue(KeyOf(value), out var current)) return WriteStatus.Missing;
        return current.Metadata.ResourceVersion == value.Metadata.ResourceVersion ? null : WriteStatus.Conflict;
    }

    private T Store<T>(T value, string uid) where T : Resource, new()
    {
        value.Metadata.Uid = uid;
        value.Metadata.ResourceVersion = (++_version).ToString(CultureInfo.InvariantCulture);
        _objects[KeyOf(value)] = value;
        return Clone(value);
    }

    private static (string, string) KeyOf(Resource value) => (value.GetType().Name, $"{value.Metadata.Namespace}/{value.Metadata.Name}");

    private static T Clone<T>(T value) where T : Resource, new() => (T)KindRegistry.Of<T>().Clone(value);

    private static string Json<T>(KindInfo<T> info, T value) where T : Resource, new() => System.Text.Json.JsonSerializer.Serialize(value, info.Typed);
}
