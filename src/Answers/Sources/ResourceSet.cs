using Margay.Model.Resources;

namespace Margay.Answers.Sources;

/// <summary>An object and where it comes from.</summary>
/// <param name="Value">The object.</param>
/// <param name="Place">Where it comes from.</param>
public sealed record LocatedResource(Resource Value, SourcePlace Place);

/// <summary>Objects by key, with where they come from and what was wrong with them.</summary>
public sealed class ResourceSet
{
    private readonly Dictionary<ResourceKey, LocatedResource> _objects = [];

    /// <summary>The objects.</summary>
    public IReadOnlyCollection<LocatedResource> Objects => _objects.Values;

    /// <summary>The objects alone.</summary>
    public IEnumerable<Resource> Resources => _objects.Values.Select(o => o.Value);

    /// <summary>The keys of the objects.</summary>
    public IEnumerable<ResourceKey> Keys => _objects.Keys;

    /// <summary>What is wrong with them.</summary>
    public List<SourceProblem> Problems { get; } = [];

    /// <summary>Workload controllers (Deployment and the like) that pods are expected from.</summary>
    internal List<Workload> Workloads { get; } = [];

    /// <summary>The objects of a type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public IEnumerable<T> Of<T>() where T : Resource => Resources.OfType<T>();

    /// <summary>An object; null when there is none.</summary>
    public LocatedResource? Find(ResourceKey key) => _objects.GetValueOrDefault(key);

    /// <summary>Adds an object; the same key in two places of the files is a problem, and the first one stays.</summary>
    public void Add(LocatedResource added)
    {
        ArgumentNullException.ThrowIfNull(added);
        if (_objects.TryAdd(added.Value.Key, added)) return;
        var first = _objects[added.Value.Key].Place;
        Problems.Add(new SourceProblem(
            added.Place, added.Value.Key.ToString(), "metadata.name", added.Value.Metadata.Name, "Duplicate",
            $"Duplicate value: \"{added.Value.Metadata.Name}\": the same object is at {first}; remove one of the two"));
    }

    /// <summary>The objects of this set over those of another: the same key here wins.</summary>
    public ResourceSet Over(ResourceSet below)
    {
        ArgumentNullException.ThrowIfNull(below);
        var both = new ResourceSet();
        foreach (var (key, value) in below._objects) both._objects[key] = value;
        foreach (var (key, value) in _objects) both._objects[key] = value;
        both.Problems.AddRange(below.Problems);
        both.Problems.AddRange(Problems);
        both.Workloads.AddRange(below.Workloads);
        both.Workloads.AddRange(Workloads);
        return both;
    }

    /// <summary>The set without some objects.</summary>
    public ResourceSet Without(IReadOnlySet<ResourceKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var rest = new ResourceSet();
        foreach (var (key, value) in _objects)
            if (!keys.Contains(key)) rest._objects.Add(key, value);
        rest.Problems.AddRange(Problems);
        rest.Workloads.AddRange(Workloads);
        return rest;
    }

    /// <summary>Adds or replaces an object that the system makes.</summary>
    internal void Put(Resource value) => _objects[value.Key] = new LocatedResource(value, SourcePlace.Implied);

    /// <summary>Replaces an object by a changed copy of itself.</summary>
    internal void Replace(LocatedResource changed) => _objects[changed.Value.Key] = changed;
}
