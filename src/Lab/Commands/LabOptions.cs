using Margay.Lab.Topology;

namespace Margay.Lab.Commands;

/// <summary>How a command prints what it found.</summary>
public enum LabOutput
{
    /// <summary>For people.</summary>
    Table,

    /// <summary>One JSON document on standard output; progress goes to standard error.</summary>
    Json,
}

/// <summary>Which lab a command is about.</summary>
public record LabOptions
{
    /// <summary>The lab's name.</summary>
    public string Name { get; init; } = "lab";

    /// <summary>How to print.</summary>
    public LabOutput Output { get; init; }

    /// <summary>Where labs keep what outlives a restart.</summary>
    public string StateRoot { get; init; } = "/var/lib/margay/lab";

    /// <summary>Where labs keep sockets and process ids.</summary>
    public string RunRoot { get; init; } = "/run/margay/lab";

    internal LabLayout Layout => new(Name, StateRoot, RunRoot);
}

/// <summary>Options of <c>lab up</c>.</summary>
public sealed record LabUpOptions : LabOptions
{
    /// <summary>How many nodes; null for 3, or for what the lab has already.</summary>
    public int? Nodes { get; init; }

    /// <summary>Manifests to apply once the cluster runs: files and directories.</summary>
    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <summary>The directory of the programs; null for the directory of this program.</summary>
    public string? Binaries { get; init; }

    /// <summary>The API server's port on 127.0.0.1; 0 to choose a free one.</summary>
    public int ApiPort { get; init; }

    /// <summary>How long a step may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Options of <c>lab exec</c>.</summary>
public sealed record LabExecOptions : LabOptions
{
    /// <summary>The pod's namespace.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The pod's name.</summary>
    public required string Pod { get; init; }

    /// <summary>The container; null for the first.</summary>
    public string? Container { get; init; }

    /// <summary>Program and arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }
}

/// <summary>Options of <c>lab logs</c>.</summary>
public sealed record LabLogsOptions : LabOptions
{
    /// <summary>The pod's namespace.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>The pod's name.</summary>
    public required string Pod { get; init; }

    /// <summary>The container; null for the first.</summary>
    public string? Container { get; init; }

    /// <summary>Go on printing what comes.</summary>
    public bool Follow { get; init; }

    /// <summary>Only the last lines; null for all.</summary>
    public int? Tail { get; init; }
}

/// <summary>Options of <c>lab matrix</c>.</summary>
public sealed record LabMatrixOptions : LabOptions
{
    /// <summary>Probe IPv6 addresses instead of IPv4 addresses.</summary>
    public bool Ipv6 { get; init; }

    /// <summary>How long one connection may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(700);
}

/// <summary>Options of the hidden <c>lab kubelet</c>.</summary>
public sealed record LabKubeletOptions : LabOptions
{
    /// <summary>The node.</summary>
    public required string Node { get; init; }
}
