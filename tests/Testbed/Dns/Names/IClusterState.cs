using Margay.Model.Resources;

namespace Margay.Testbed.Dns.Names;

/// <summary>The services of the cluster and the addresses behind them, as they are now.</summary>
internal interface IClusterState
{
    /// <summary>All services.</summary>
    IEnumerable<Service> Services { get; }

    /// <summary>A service, or null.</summary>
    Service? FindService(string ns, string name);

    /// <summary>The addresses behind a service, or null.</summary>
    Endpoints? FindEndpoints(string ns, string name);
}
