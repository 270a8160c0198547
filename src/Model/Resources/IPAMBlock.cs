using System.Text.Json.Serialization;

namespace Margay.Model.Resources;

/// <summary>A block of addresses and who has them (projectcalico.org/v3); written by address management only.</summary>
public sealed class IPAMBlock() : Resource(ApiVersions.ProjectCalico, "IPAMBlock")
{
    /// <summary>The addresses and their owners.</summary>
    public IPAMBlockSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>The addresses of a block and their owners. An ordinal is the distance of an address from the block's first.</summary>
public sealed class IPAMBlockSpec
{
    /// <summary>The block in CIDR notation.</summary>
    public string Cidr { get; set => field = value ?? ""; } = "";

    /// <summary>Who owns the block: <c>host:NODE</c> or <c>virtual:NAME</c>; absent when nobody does.</summary>
    public string? Affinity { get; set; }

    /// <summary>When the owner took it; RFC 3339.</summary>
    public string? AffinityClaimTime { get; set; }

    /// <summary>For each ordinal the index into <see cref="Attributes"/>, or null when the address is free.</summary>
    public List<int?> Allocations { get; set => field = value ?? []; } = [];

    /// <summary>The free ordinals, in the order in which they will be used.</summary>
    public List<int> Unallocated { get; set => field = value ?? []; } = [];

    /// <summary>Owners of addresses; several addresses of one owner share an entry.</summary>
    public List<AllocationAttribute> Attributes { get; set => field = value ?? []; } = [];

    /// <summary>Grows with each write of the block.</summary>
    public ulong SequenceNumber { get; set; }

    /// <summary>
    /// For each ordinal in use (as text) the sequence number when it was given out, so that a late release cannot take the
    /// address from its next owner.
    /// </summary>
    public Dictionary<string, ulong> SequenceNumberForAllocation { get; set => field = value ?? []; } = [];

    /// <summary>Marks a block that counts as gone while its deletion is under way.</summary>
    public bool Deleted { get; set; }

    /// <summary>Deprecated and without effect; the setting of IPAMConfiguration counts.</summary>
    public bool StrictAffinity { get; set; }
}

/// <summary>Who has an address.</summary>
public sealed class AllocationAttribute
{
    /// <summary>The handle that the address belongs to.</summary>
    [JsonPropertyName("handle_id")]
    public string? HandleId { get; set; }

    /// <summary>The owner: node, namespace, pod and the like.</summary>
    [JsonPropertyName("secondary")]
    public Dictionary<string, string>? ActiveOwnerAttrs { get; set; }

    /// <summary>A second owner while an address moves from one to the other.</summary>
    public Dictionary<string, string>? AlternateOwnerAttrs { get; set; }

    /// <summary>When the address was released, while it rests before it is free again; RFC 3339.</summary>
    public string? ReleasedAt { get; set; }
}
