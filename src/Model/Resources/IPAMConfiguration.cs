namespace Margay.Model.Resources;

/// <summary>How addresses are given out; there is one, named <c>default</c> (projectcalico.org/v3).</summary>
public sealed class IPAMConfiguration() : Resource(ApiVersions.ProjectCalico, "IPAMConfiguration")
{
    /// <summary>The settings.</summary>
    public IPAMConfigurationSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>How addresses are given out.</summary>
public sealed class IPAMConfigurationSpec
{
    /// <summary>Whether a node takes addresses only from blocks of its own, never from another node's; default false.</summary>
    public bool StrictAffinity { get; set; }

    /// <summary>How many blocks a node may own, 0 to 1000000; 0 and absent mean no limit from here.</summary>
    public int? MaxBlocksPerHost { get; set; }

    /// <summary>Whether a node takes a new block when it needs one; default true.</summary>
    public bool AutoAllocateBlocks { get; set; } = true;

    /// <summary><c>Enabled</c> (default) or <c>Disabled</c>: whether a KubeVirt machine keeps its address over its pods.</summary>
    public string? KubeVirtVMAddressPersistence { get; set; }

    /// <summary>How long a released address rests before it is given out again, 0 to 1200 seconds; default 0.</summary>
    public int? IpCooldownSeconds { get; set; }
}
