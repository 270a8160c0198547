namespace Margay.Model.Resources;

/// <summary>The metadata of a list (meta/v1 ListMeta).</summary>
public sealed class ListMeta
{
    /// <summary>Deprecated by Kubernetes; kept for round trips.</summary>
    public string? SelfLink { get; set; }

    /// <summary>The version of the whole collection: where a watch goes on.</summary>
    public string? ResourceVersion { get; set; }

    /// <summary>The opaque token of the next page; absent on the last one. It ends in 410 when the version is compacted.</summary>
    public string? Continue { get; set; }

    /// <summary>How many objects follow, where the server knows; a hint.</summary>
    public long? RemainingItemCount { get; set; }
}
