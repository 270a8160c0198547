namespace Margay.Model.Resources;

/// <summary>A stage of policy: tiers are visited in order, and each decides or passes on (projectcalico.org/v3).</summary>
public sealed class Tier() : Resource(ApiVersions.ProjectCalico, "Tier")
{
    /// <summary>The tier nobody names: order 1000000, default action Deny.</summary>
    public const string DefaultName = "default";

    /// <summary>The built-in tier before most others: order 1000, default action Pass.</summary>
    public const string KubeAdminName = "kube-admin";

    /// <summary>The built-in tier after most others: order 10000000, default action Pass.</summary>
    public const string KubeBaselineName = "kube-baseline";

    /// <summary>Where the tier stands and how it ends.</summary>
    public TierSpec Spec { get; set => field = value ?? new(); } = new();

    /// <summary>What controllers found out.</summary>
    public TierStatus? Status { get; set; }
}

/// <summary>Where a tier stands and how it ends.</summary>
public sealed class TierSpec
{
    /// <summary>Lower comes first, absent comes last, equal ones go by name.</summary>
    public double? Order { get; set; }

    /// <summary>
    /// What becomes of traffic that a policy of the tier selects and no rule decides: <c>Deny</c> (the default) or
    /// <c>Pass</c> to the next tier. A tier without any policy for an endpoint is skipped either way. <c>Reject</c> is an
    /// extension of Margay (<see cref="Extensions"/>).
    /// </summary>
    public string? DefaultAction { get; set; }
}

/// <summary>What controllers found out about a tier.</summary>
public sealed class TierStatus
{
    /// <summary>The conditions; <c>Ready</c> is <c>True</c> for a tier in use.</summary>
    public List<Condition>? Conditions { get; set; }
}
