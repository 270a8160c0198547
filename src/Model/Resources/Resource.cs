using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>An API object: what every kind has.</summary>
public abstract class Resource
{
    /// <summary>The group and version, for example <c>projectcalico.org/v3</c>; <c>v1</c> for the core group.</summary>
    [JsonPropertyOrder(-3)]
    public string? ApiVersion { get; set; }

    /// <summary>The kind, for example <c>GlobalNetworkPolicy</c>.</summary>
    [JsonPropertyOrder(-2)]
    public string? Kind { get; set; }

    /// <summary>Name, labels and book-keeping.</summary>
    [JsonPropertyOrder(-1)]
    public ObjectMeta Metadata { get; set => field = value ?? new(); } = new();

    /// <summary>Makes an object of a kind; items of core lists come without these two, so every type brings its own.</summary>
    /// <param name="apiVersion">Group and version, or null for a kind that is only known at run time.</param>
    /// <param name="kind">The kind, or null likewise.</param>
    protected Resource(string? apiVersion, string? kind)
    {
        ApiVersion = apiVersion;
        Kind = kind;
    }

    /// <summary>What this object is called in the whole cluster.</summary>
    [JsonIgnore]
    public ResourceKey Key => new(ApiVersion ?? "", Kind ?? "", Metadata.Namespace ?? "", Metadata.Name ?? "");
}
