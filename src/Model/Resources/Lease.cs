namespace Margay.Model.Resources;

/// <summary>Who may do something that only one may do at a time (coordination.k8s.io/v1).</summary>
public sealed class Lease() : Resource(ApiVersions.Coordination, "Lease")
{
    /// <summary>The holder and how long it has the lease.</summary>
    public LeaseSpec Spec { get; set => field = value ?? new(); } = new();
}

/// <summary>The holder of a lease. Times are RFC 3339 with microseconds, and those of the holder's clock.</summary>
public sealed class LeaseSpec
{
    /// <summary>The holder; empty or absent when nobody has it.</summary>
    public string? HolderIdentity { get; set; }

    /// <summary>For how many seconds after the last renewal others leave it alone; more than 0.</summary>
    public int? LeaseDurationSeconds { get; set; }

    /// <summary>When the holder got it.</summary>
    public string? AcquireTime { get; set; }

    /// <summary>When the holder renewed it last.</summary>
    public string? RenewTime { get; set; }

    /// <summary>How often it went from one holder to another.</summary>
    public int? LeaseTransitions { get; set; }

    /// <summary>How holders are chosen where something coordinates them; absent otherwise.</summary>
    public string? Strategy { get; set; }

    /// <summary>To whom the holder should leave it; only together with a strategy.</summary>
    public string? PreferredHolder { get; set; }
}
