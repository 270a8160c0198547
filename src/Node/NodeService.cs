using System.Diagnostics;
using Margay.Cni.Server;
using Margay.Cni.Wire;
using Margay.Cni.Wiring;
using Margay.Dataplane.Nftables;
using Margay.Ipam.Allocation;
using Margay.Linux.Conntrack;
using Margay.Linux.Netlink;
using Margay.Linux.Nftables;
using Margay.Linux.Route;
using Margay.Model.Datastore.Kube;
using Margay.Model.Registry;
using Margay.Node.Cluster;
using Margay.Node.Cni;
using Margay.Node.Connections;
using Margay.Node.Drift;
using Margay.Node.Endpoints;
using Margay.Node.Engine;
using Margay.Node.Health;
using Margay.Policy.Graph;
using Margay.Routing.Kernel;
using Margay.Routing.Routes;
using Microsoft.Extensions.Logging;

namespace Margay.Node;

/// <summary>
/// The node service: follows the cluster's state, calculates, programs this node's kernel, and attaches pods. Everything
/// is made and joined here; the parts know only what they are given.
/// </summary>
public sealed class NodeService(NodeOptions options, ILoggerFactory logging, TimeProvider time)
{
    private readonly ILogger<NodeService> _logger = logging.CreateLogger<NodeService>();

    /// <summary>Runs until <paramref name="stop"/> ends; the kernel keeps what was programmed.</summary>
    /// <exception cref="KubeConfigException">There is no usable kubeconfig.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        long began = Stopwatch.GetTimestamp();
        var health = new NodeHealth(options.NodeName, time);
        KubeConnection connection = KubeConfig.Connect(options.KubeConfig);
        var api = new KubeClient(connection);
        using var store = new ClusterStore(api, options.Datastore ?? ClusterStore.ModeOf(Environment.GetEnvironmentVariable(ClusterStore.ModeVariable)));
        using var relay = options.Relay is { } address ? new KubeClient(connection with { Server = address }) : null;
        // Before the records are read: whoever holds it may still write some.
        using var only = ServiceLock.TryTake(options.RunDirectory, _logger);
        var endpoints = new LocalEndpointStore(Path.Combine(options.RunDirectory, "endpoints"));
        endpoints.Load();
        health.Endpoints(endpoints.All.Count);

        using var nftables = NetlinkSocket.Open(NetlinkProtocol.NETLINK_NETFILTER);
        using var conntrack = NetlinkSocket.Open(NetlinkProtocol.NETLINK_NETFILTER);
        using var wiring = new PodWiring(logging.CreateLogger<PodWiring>());
        // The monitor before the first look at the kernel, so that nothing happens between them unheard.
        using var monitor = RouteMonitor.Open();
        using var routeNetlink = RouteNetlink.Open();
        monitor.Own = routeNetlink.Port;
        using var routes = new RouteDataplane(routeNetlink, new RouteOptions());
        var foreign = options.PolicyOnlyPrefix is { } prefix ? new ForeignPods(options.NodeName, prefix) : null;
        if (foreign is null) Forwarding.Enable();
        await wiring.FlushAsync();
        var connections = new ConnectionCutter(
            new ConntrackTable(conntrack), HostAddresses.Read, time, logging.CreateLogger<ConnectionCutter>());
        var engine = new NodeEngine(
            options.NodeName, new PolicyGraph(options.NodeName, options.PolicyOnlyPrefix), new RouteCalculator(options.NodeName), new NftablesDataplane(new KernelNftables(nftables)),
            foreign is null ? routes : new NoRoutes(), connections, health,
            time, logging.CreateLogger<NodeEngine>());
        var cluster = new ClusterCache(options.NodeName);
        using var ipamMetrics = new IpamMetrics();
        var ipam = new IpamClient(
            new IpamStore(store), new IpamClientOptions { SoleWriterOfNode = true, WarmAddresses = only is null ? null : options.WarmAddresses }, ipamMetrics, time, _ => ValueTask.FromResult(cluster.Ipam));
        var warm = new WarmKeeper(ipam, options.NodeName, time, logging.CreateLogger<WarmKeeper>());
        warm.Remember(endpoints.NewestFirst);
        var addresses = new CniAddresses(ipam, new PodAddresses(ipam, time), cluster, options.NodeName);
        var handles = new ContainerHandles(Path.Combine(options.RunDirectory, "handles"), addresses, time, logging.CreateLogger<ContainerHandles>());
        handles.Prepare();
        var cni = new CniServer(
            new CniBackend(options.NodeName, new PodLookup(store, cluster), cluster, engine, endpoints, addresses, handles, wiring, connections, health, logging.CreateLogger<CniBackend>()),
            new CniServerOptions { Paths = new CniPaths(options.CniSocket ?? Path.Combine(options.RunDirectory, "cni.sock"), options.RunDirectory) },
            time,
            logging.CreateLogger<CniServer>());
        var feed = new ClusterFeed(
            relay is null ? store : new RelayStore(store, relay, time, Random.Shared, _logger), cluster, engine, health, time,
            logging.CreateLogger<ClusterFeed>()) { Foreign = foreign };
        var registration = new NodeRegistration(options, store, time, logging.CreateLogger<NodeRegistration>());

        var report = new NodeReport(
            foreign is null,
            (part, type, patch, limit) => api.PatchAsync(KindRegistry.Of<Model.Resources.Node>(), null, options.NodeName, part, type, patch, limit),
            cluster, () => NodeInterfaces.Read(options.PolicyOnlyPrefix), time, logging.CreateLogger<NodeReport>());

        using var parts = new ServiceParts(_logger, stop);
        parts.Run("engine", engine.RunAsync);
        parts.Run("connections", connections.RunAsync);
        if (options.HealthPort > 0) parts.Run("health", new HealthServer(options.HealthHost, options.HealthPort, health, logging.CreateLogger<HealthServer>()).RunAsync);
        // Known pods first: the first complete state must have them, or their interfaces would close. Of two sandboxes of a pod the last counts.
        foreach (var endpoint in endpoints.NewestFirst.Reverse()) await engine.SendAsync(new EndpointWired(endpoint), stop);
        parts.Run("feed", feed.RunAsync);
        parts.Run("registration", registration.RunAsync);
        parts.Run("start", async ended =>
        {
            await engine.InSync.WaitAsync(ended);
            health.Started();
            _logger.InSync(options.NodeName, endpoints.All.Count, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (foreign is null)
            {
                parts.Run("CNI", cni.RunAsync);
                parts.Run("ready addresses", warm.RunAsync);
            }
            parts.Run("handles", handles.RunAsync);
            parts.Run("report", report.RunAsync);
            parts.Run("nftables watch", new KernelWatcher(new NftablesChanges(NftablesDataplane.Table.Name, nftables.Port), engine, _logger).RunAsync);
            parts.Run("route watch", end => new RouteWatch(routes, late => engine.SendAsync(new TryPending(), late), logging.CreateLogger<RouteWatch>()).RunAsync(monitor, end));
            await ResyncPeriodicallyAsync(engine, ended);
        });
        await parts.WhenEndedAsync();
    }

    private async Task ResyncPeriodicallyAsync(NodeEngine engine, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.ResyncPeriod, time);
        while (await timer.WaitForNextTickAsync(stop)) await engine.SendAsync(new Resync(), stop);
    }
}
