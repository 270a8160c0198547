using Margay.Controllers.HostEndpoints;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.Configuration;

/// <summary>What the controllers run with. Immutable; a change replaces it whole.</summary>
/// <param name="Node">The controller for nodes; null when it does not run.</param>
/// <param name="LoadBalancer">The controller for services of type LoadBalancer; null when it does not run.</param>
/// <param name="Level">The least level that is logged.</param>
/// <param name="HealthChecks">Whether health probes are answered.</param>
/// <param name="MetricsPort">The TCP port of metrics; 0 for none.</param>
internal sealed record RunningSettings(NodeSettings? Node, LoadBalancerSettings? LoadBalancer, LogLevel Level, bool HealthChecks, int MetricsPort)
{
    /// <summary>Before the configuration is known: nothing runs.</summary>
    public static RunningSettings Unknown { get; } = new(null, null, LogLevel.Information, true, 0);

    /// <summary>What could not be understood, for people. Nothing is undone because of it.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];
}

/// <summary>Settings of the controller for nodes.</summary>
/// <param name="LeakGrace">How long an address must have been without owner before it is taken back; null for never.</param>
/// <param name="HostEndpoints">The host endpoints that nodes get.</param>
internal sealed record NodeSettings(TimeSpan? LeakGrace, AutoHostEndpoints HostEndpoints);

/// <summary>Settings of the controller for services of type LoadBalancer.</summary>
/// <param name="AllServices">Whether every service gets addresses; else those that ask for them.</param>
internal sealed record LoadBalancerSettings(bool AllServices);
