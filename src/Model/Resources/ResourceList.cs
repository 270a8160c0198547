using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>A list of objects of one kind, or one page of it.</summary>
/// <typeparam name="T">The kind of the items.</typeparam>
public sealed class ResourceList<T> : IResourceList
    where T : Resource
{
    /// <summary>The group and version of the items.</summary>
    [JsonPropertyOrder(-3)]
    public string? ApiVersion { get; set; }

    /// <summary>The kind of the items followed by <c>List</c>.</summary>
    [JsonPropertyOrder(-2)]
    public string? Kind { get; set; }

    /// <summary>The collection's version and the token of the next page.</summary>
    [JsonPropertyOrder(-1)]
    public ListMeta Metadata { get; set => field = value ?? new(); } = new();

    /// <summary>The objects.</summary>
    public List<T> Items { get; set => field = value ?? []; } = [];

    IReadOnlyList<Resource> IResourceList.Items => Items;
}

/// <summary>A list whose kind is only known at run time.</summary>
internal interface IResourceList
{
    /// <summary>The collection's version and the token of the next page.</summary>
    ListMeta Metadata { get; }

    /// <summary>The objects.</summary>
    IReadOnlyList<Resource> Items { get; }
}
