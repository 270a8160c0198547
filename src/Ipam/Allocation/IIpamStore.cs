using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>
/// What address management needs of the datastore: cluster-wide objects by name, and writes that succeed only on the
/// version that was read. Failures other than lost races are exceptions.
/// </summary>
public interface IIpamStore
{
    /// <summary>The object, or null when there is none.</summary>
    ValueTask<T?> GetAsync<T>(string name, CancellationToken stop) where T : Resource, new();

    /// <summary>Every object of the kind, or those with this label value.</summary>
    ValueTask<IReadOnlyList<T>> ListAsync<T>((string Label, string Value)? only, CancellationToken stop) where T : Resource, new();

    /// <summary>Makes the object; <see cref="WriteStatus.Exists"/> when the name is taken.</summary>
    ValueTask<Written<T>> CreateAsync<T>(T value, CancellationToken stop) where T : Resource, new();

    /// <summary>Replaces the version that <paramref name="value"/> names in its metadata.</summary>
    ValueTask<Written<T>> UpdateAsync<T>(T value, CancellationToken stop) where T : Resource, new();

    /// <summary>Deletes the version that <paramref name="value"/> names in its metadata.</summary>
    ValueTask<WriteStatus> DeleteAsync<T>(T value, CancellationToken stop) where T : Resource, new();
}

/// <summary>What became of a write.</summary>
public enum WriteStatus
{
    /// <summary>It is stored.</summary>
    Done,

    /// <summary>Somebody else wrote first; nothing is stored.</summary>
    Conflict,

    /// <summary>The object is gone; nothing is stored.</summary>
    Missing,

    /// <summary>An object of that name exists; nothing is stored.</summary>
    Exists,
}

/// <summary>The outcome of a write and, when it is done, the object with its new version.</summary>
public readonly record struct Written<T>(WriteStatus Status, T? Value) where T : class;
