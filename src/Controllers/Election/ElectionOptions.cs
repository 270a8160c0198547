namespace Margay.Controllers.Election;

/// <summary>How a leader is chosen. The times are client-go's defaults.</summary>
public sealed record ElectionOptions
{
    /// <summary>The namespace of the lease.</summary>
    public string Namespace { get; init; } = "kube-system";

    /// <summary>The name of the lease.</summary>
    public string Name { get; init; } = "margay-controllers";

    /// <summary>Who this process is; must differ between processes, and between two runs of one.</summary>
    public string Identity { get; init; } = $"{Environment.MachineName}_{Guid.NewGuid():D}";

    /// <summary>For how long others leave a lease alone that they do not see renewed; whole seconds. Default 15 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>For how long after its last renewal a leader acts; shorter than the lease. Default 10 s.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time between two attempts. Default 2 s.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The lease, for people.</summary>
    public string Lease => $"{Namespace}/{Name}";

    /// <summary>What is wrong with these options; null when nothing is.</summary>
    public string? Problem =>
        LeaseDuration < TimeSpan.FromSeconds(1) || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0 ? $"the lease's duration must be whole seconds, not {LeaseDuration}"
        : RenewDeadline >= LeaseDuration ? $"the deadline of renewal, {RenewDeadline}, must be shorter than the lease, {LeaseDuration}"
        : RetryPeriod <= TimeSpan.Zero || RetryPeriod * 1.2 >= RenewDeadline ? $"the time between attempts, {RetryPeriod}, must leave room for a second one before the deadline, {RenewDeadline}"
        : null;
}
