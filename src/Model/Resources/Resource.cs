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
    public ObjectMeta Metadata { get; set; } = new();
}
