using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>The pods of one namespace and service account: they list the same profiles and inherit the same labels.</summary>
/// <param name="id">Its number as an heir of its profiles.</param>
/// <param name="key">The numbers of namespace and service account.</param>
/// <param name="profiles">The profiles, first ones first.</param>
/// <param name="labels">What the profiles give.</param>
internal sealed class Lineage(int id, long key, string[] profiles, LabelSet[] labels)
{
    /// <summary>Its number as an heir of its profiles.</summary>
    public int Id { get; } = id;

    /// <summary>The numbers of namespace and service account.</summary>
    public long Key { get; } = key;

    /// <summary>The profiles, first ones first.</summary>
    public string[] Profiles { get; } = profiles;

    /// <summary>What the profiles give.</summary>
    public LabelSet[] Labels { get; } = labels;

    /// <summary>The pods.</summary>
    public SmallIdSet Pods;
}
