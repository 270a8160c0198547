using System.Collections.Concurrent;
using Margay.Model.Resources;

namespace Margay.Controllers.Reconciling;

/// <summary>The objects of a kind as the watch last told them. One writes, any number read; nobody edits what is inside.</summary>
internal sealed class ResourceTable<T>
    where T : Resource
{
    private readonly ConcurrentDictionary<string, T> _values = new(StringComparer.Ordinal);

    /// <summary>All objects, in no order.</summary>
    public ICollection<T> Values => _values.Values;

    /// <summary>The keys of all objects.</summary>
    public ICollection<string> Keys => _values.Keys;

    /// <summary>An object by its key, or null.</summary>
    public T? this[string key] => _values.GetValueOrDefault(key);

    /// <summary>Takes a change of this kind.</summary>
    /// <returns>What was there before.</returns>
    public T? Apply(in ResourceUpdate update)
    {
        string key = KeyOf(update.Key);
        var before = _values.GetValueOrDefault(key);
        if (update.Value is T value) _values[key] = value;
        else _values.TryRemove(key, out _);
        return before;
    }

    /// <summary><c>NAMESPACE/NAME</c>, or the name of what is in no namespace.</summary>
    public static string KeyOf(in ResourceKey key) => key.Namespace.Length == 0 ? key.Name : $"{key.Namespace}/{key.Name}";
}
