using System.Runtime.CompilerServices;
using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>
/// The pods of one namespace and service account: they list the same profiles and inherit the same labels. Many a namespace has one pod, so
/// that this is one object.
/// </summary>
/// <param name="id">Its number as an heir of its profiles.</param>
/// <param name="key">The numbers of namespace and service account.</param>
internal sealed class Lineage(int id, long key)
{
    /// <summary>The namespace's profile and the service account's.</summary>
    private const int MostProfiles = 2;

    private UpToTwo<string> _profiles;
    private UpToTwo<LabelSet> _labels;
    private int _count;

    /// <summary>Its number as an heir of its profiles.</summary>
    public int Id { get; } = id;

    /// <summary>The numbers of namespace and service account.</summary>
    public long Key { get; } = key;

    /// <summary>The profiles, first ones first.</summary>
    public ReadOnlySpan<string> Profiles => _profiles[.._count];

    /// <summary>What the profiles give.</summary>
    public Span<LabelSet> Labels => _labels[.._count];

    /// <summary>The pods.</summary>
    public SmallIdSet Pods;

    /// <summary>Adds a profile behind those that it has.</summary>
    public void Add(string profile, LabelSet labels) => (_profiles[_count], _labels[_count++]) = (profile, labels);

    [InlineArray(MostProfiles)]
    private struct UpToTwo<T>
    {
        private T _first;
    }
}
