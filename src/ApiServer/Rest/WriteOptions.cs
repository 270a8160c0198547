using Margay.ApiServer.Authorization;

namespace Margay.ApiServer.Rest;

/// <summary>How a write was asked for.</summary>
internal sealed record WriteOptions
{
    public static WriteOptions Default { get; } = new();

    /// <summary>Check and answer, but store nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Who makes the change; for managed fields.</summary>
    public string Manager { get; init; } = "";

    /// <summary>In whose name; null for the server itself, which may do everything.</summary>
    public AccessRequest? Access { get; init; }

    /// <summary>Whether the change itself says who set which fields.</summary>
    public bool KeepsBook { get; init; }
}

/// <summary>How a deletion was asked for (meta/v1 DeleteOptions).</summary>
internal sealed record DeleteOptions
{
    /// <summary>In whose name; null for the server itself, which may do everything.</summary>
    public AccessRequest? Access { get; init; }

    public bool DryRun { get; init; }

    /// <summary>Seconds; null for the kind's own default.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary>Background, Foreground or Orphan; null for the default, which is Background.</summary>
    public string? Propagation { get; init; }

    /// <summary>Only when the object still has this uid.</summary>
    public string? Uid { get; init; }

    /// <summary>Only when the object still has this version.</summary>
    public string? ResourceVersion { get; init; }
}
