namespace Margay.ApiServer.Audit;

/// <summary>Whether, where and how requests are recorded; the flags of kube-apiserver.</summary>
public sealed record AuditOptions
{
    /// <summary>Which requests are recorded and how much of them (audit.k8s.io/v1 Policy); null: all of them, without bodies.</summary>
    public string? PolicyFile { get; init; }

    /// <summary>Where audit events go: a file, or <c>-</c> for standard output; null: nothing is recorded.</summary>
    public string? LogPath { get; init; }

    /// <summary>How large the log may grow before another is begun, in MiB; 1 or more.</summary>
    public int MaxSize { get; init; } = 100;

    /// <summary>How many older logs are kept; 0 for all.</summary>
    public int MaxBackup { get; init; }

    /// <summary>How long older logs are kept, in days; 0 for ever.</summary>
    public int MaxAge { get; init; }
}
