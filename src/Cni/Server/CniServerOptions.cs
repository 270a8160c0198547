using Margay.Cni.Wire;

namespace Margay.Cni.Server;

/// <summary>Settings of the CNI server.</summary>
public sealed record CniServerOptions
{
    /// <summary>Socket and run directory.</summary>
    public CniPaths Paths { get; init; } = CniPaths.Default;

    /// <summary>This node's name; a configuration that names another is refused. Null: not compared.</summary>
    public string? NodeName { get; init; }

    /// <summary>Calls served at once, 1 to 1000; others wait. A burst of pod starts is limited by the kernel's one lock for links anyway.</summary>
    public int Concurrency { get; init; } = 32;

    /// <summary>How often notes about deleted containers are looked for, besides when one is written.</summary>
    public TimeSpan TombstonePeriod { get; init; } = TimeSpan.FromSeconds(30);
}
