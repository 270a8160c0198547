using System.Text.Json.Nodes;

namespace Margay.ApiServer.Apply;

/// <summary>
/// A set of fields of an object, as a tree. Each step is written as in the <c>FieldsV1</c> form of managed fields: <c>f:name</c> for a
/// field or the key of a map, <c>k:{...}</c> for the element of a list with these keys, <c>v:...</c> for a plain value in a set.
/// </summary>
internal sealed class FieldSet
{
    private const string Self = ".";

    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>Whether the field at this place is in the set, and not only some below it.</summary>
    public bool Owned { get; set; }

    /// <summary>The steps that lead on from here.</summary>
    public IReadOnlyDictionary<string, FieldSet> Children => _children;

    /// <summary>Whether nothing is in the set.</summary>
    public bool IsEmpty => !Owned && _children.Count == 0;

    /// <summary>Whether any field below a place is in the set.</summary>
    public bool HasChildren => _children.Count > 0;

    /// <summary>The place one step on, or null when the set has nothing there.</summary>
    public FieldSet? Find(string step) => _children.GetValueOrDefault(step);

    /// <summary>The place one step on; made when there is none.</summary>
    public FieldSet Ensure(string step)
    {
        if (!_children.TryGetValue(step, out var child))
            _children.Add(step, child = new());
        return child;
    }

    /// <summary>Adds everything that another set has.</summary>
    public void Add(FieldSet other)
    {
        Owned |= other.Owned;
        foreach (var (step, child) in other._children)
            Ensure(step).Add(child);
    }

    /// <summary>Takes out everything that another set has.</summary>
    public void Remove(FieldSet other)
    {
        if (other.Owned)
            Owned = false;
        foreach (var (step, child) in other._children)
        {
            if (!_children.TryGetValue(step, out var mine))
                continue;
            mine.Remove(child);
            if (mine.IsEmpty)
                _children.Remove(step);
        }
    }

    /// <summary>What is in both sets.</summary>
    public FieldSet Intersect(FieldSet other)
    {
        var both = new FieldSet { Owned = Owned && other.Owned };
        foreach (var (step, child) in _children)
        {
            if (other.Find(step) is not { } others)
                continue;
            var common = child.Intersect(others);
            if (!common.IsEmpty)
                both._children.Add(step, common);
        }

        return both;
    }

    /// <summary>A copy.</summary>
    public FieldSet Copy()
    {
        var copy = new FieldSet();
        copy.Add(this);
        return copy;
    }

    /// <summary>Whether two sets have the same fields.</summary>
    public bool SameAs(FieldSet other) =>
        Owned == other.Owned && _children.Count == other._children.Count
        && _children.All(c => other.Find(c.Key) is { } theirs && c.Value.SameAs(theirs));

    /// <summary>The paths of the fields in the set, each as its steps.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths()
    {
        if (Owned)
            yield return [];
        foreach (var (step, child) in _children)
        {
            foreach (var path in child.Paths())
                yield return [step, .. path];
        }
    }

    /// <summary>Writes the set in the FieldsV1 form.</summary>
    public JsonObject Write()
    {
        var written = new JsonObject();
        // A place without anything below it is in the set by being there.
        if (Owned && HasChildren)
            written[Self] = new JsonObject();
        foreach (var (step, child) in _children)
            written[step] = child.Write();
        return written;
    }

    /// <summary>Reads a set in the FieldsV1 form.</summary>
    public static FieldSet Read(JsonObject written)
    {
        var set = new FieldSet { Owned = written.Count == 0 || written.ContainsKey(Self) };
        foreach (var (step, child) in written)
        {
            if (step != Self && child is JsonObject below)
                set._children[step] = Read(below);
        }

        return set;
    }
}
