namespace Margay.Model.Resources;

/// <summary>A node's claim on a block of addresses (projectcalico.org/v3); written by address management only.</summary>
public sealed class BlockAffinity() : Resource(ApiVersions.ProjectCalico, "BlockAffinity")
{
    /// <summary>The label with a hash of the node's name, to find a node's claims.</summary>
    public const string HostnameHashLabel = "projectcalico.org/hostname-hash";

    /// <summary>The label with the type of claim.</summary>
    public const string AffinityTypeLabel = "projectcalico.org/affinity-type";

    /// <summary>The label with the version of IP.</summary>
    public const string IPVersionLabel = "projectcalico.org/ip-version";

    /// <summary>The claim.</summary>
    public BlockAffinitySpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>A claim on a block.</summary>
public sealed class BlockAffinitySpec
{
    /// <summary><c>pending</c>, <c>confirmed</c> or <c>pendingDeletion</c>.</summary>
    public string State { get; set => field = value ?? ""; } = "";

    /// <summary>The node that claims.</summary>
    public string Node { get; set => field = value ?? ""; } = "";

    /// <summary><c>host</c> (also when absent) for a node, <c>virtual</c> for something that is no node.</summary>
    public string? Type { get; set; }

    /// <summary>The block in CIDR notation.</summary>
    public string Cidr { get; set => field = value ?? ""; } = "";

    /// <summary>Marks a claim that counts as gone while its deletion is under way.</summary>
    public bool Deleted { get; set; }
}

/// <summary>The states of a claim, as the API spells them.</summary>
public static class BlockAffinityState
{
    /// <summary>The claim is made and its block is not sure yet.</summary>
    public const string Pending = "pending";

    /// <summary>The block is the node's.</summary>
    public const string Confirmed = "confirmed";

    /// <summary>The claim is being given up.</summary>
    public const string PendingDeletion = "pendingDeletion";
}
