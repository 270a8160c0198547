using Margay.Policy.Labels;

namespace Margay.Policy.Graph;

/// <summary>The pods of one namespace and service account: they list the same profiles and inherit the same labels.</summary>
/// <param name="id">Its number as an heir of its profiles.</param>
/// <param name="namespace">The namespace.</param>
/// <param name="account">The service account; may be empty.</param>
/// <param name="profiles">The profiles, first ones first.</param>
internal sealed class Lineage(int id, string @namespace, string account, string[] profiles)
{
    /// <summary>Its number as an heir of its profiles.</summary>
    public int Id { get; } = id;

    /// <summary>The namespace.</summary>
    public string Namespace { get; } = @namespace;

    /// <summary>The service account; may be empty.</summary>
    public string Account { get; } = account;

    /// <summary>The profiles, first ones first.</summary>
    public string[] Profiles { get; } = profiles;

    /// <summary>What the profiles give.</summary>
    public LabelSet[] Labels { get; } = new LabelSet[profiles.Length];

    /// <summary>The pods.</summary>
    public IdSet Pods { get; } = new();
}
