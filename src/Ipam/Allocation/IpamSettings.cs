using Margay.Model.Resources;

namespace Margay.Ipam.Allocation;

/// <summary>The cluster's IPAMConfiguration with its defaults filled in.</summary>
/// <param name="StrictAffinity">Nodes never borrow from another node's block.</param>
/// <param name="AutoAllocateBlocks">Nodes may claim new blocks.</param>
/// <param name="MaxBlocksPerHost">How many blocks a node may own. Zero in the object means 20, a guard against runaway claims.</param>
/// <param name="Cooldown">How long a released address rests, 0 to 20 minutes.</param>
public sealed record IpamSettings(bool StrictAffinity, bool AutoAllocateBlocks, int MaxBlocksPerHost, TimeSpan Cooldown)
{
    /// <summary>The name of the only IPAMConfiguration.</summary>
    public const string Name = "default";

    /// <summary>What holds when there is no IPAMConfiguration.</summary>
    public static IpamSettings Default { get; } = new(false, true, DefaultMaxBlocks, TimeSpan.Zero);

    private const int DefaultMaxBlocks = 20;

    /// <summary>Reads the object.</summary>
    public static IpamSettings From(IPAMConfiguration? configuration)
    {
        if (configuration?.Spec is not { } spec) return Default;
        return new IpamSettings(spec.StrictAffinity, spec.AutoAllocateBlocks,
            spec.MaxBlocksPerHost is > 0 and var max ? max : DefaultMaxBlocks,
            TimeSpan.FromSeconds(Math.Clamp(spec.IpCooldownSeconds ?? 0, 0, 1200)));
    }
}
