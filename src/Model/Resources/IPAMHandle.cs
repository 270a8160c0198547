using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>In which blocks one owner has addresses (projectcalico.org/v3); written by address management only.</summary>
public sealed class IPAMHandle() : Resource(ApiVersions.ProjectCalico, "IPAMHandle")
{
    /// <summary>The owner and its blocks.</summary>
    public IPAMHandleSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>An owner and its blocks.</summary>
public sealed class IPAMHandleSpec
{
    /// <summary>The handle; unique, and not changed by the rules for object names.</summary>
    [JsonPropertyName("handleID")]
    public string HandleId { get; set => field = value ?? ""; } = "";

    /// <summary>For each block (CIDR) the number of addresses.</summary>
    public Dictionary<string, int> Block { get; set => field = value ?? []; } = [];

    /// <summary>Marks a handle that counts as gone while its deletion is under way.</summary>
    public bool Deleted { get; set; }
}
