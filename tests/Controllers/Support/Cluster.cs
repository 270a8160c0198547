using Margay.Controllers.ClusterFacts;
using Margay.Controllers.Configuration;
using Margay.Controllers.Events;
using Margay.Controllers.HostEndpoints;
using Margay.Controllers.LoadBalancers;
using Margay.Controllers.Reconciling;
using Margay.Ipam.Allocation;
using Margay.Ipam.Collection;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.Controllers.Tests.Support;

/// <summary>
/// A datastore in memory and controllers over it, driven by hand: they are told what is stored, and do what there is to
/// do for every key, until nothing changes any more. Nothing runs in the background.
/// </summary>
internal sealed class Cluster : IDisposable
{
    private static readonly KindInfo[] Kinds =
    [
        KindRegistry.Of<KubeControllersConfiguration>(), KindRegistry.Of<ClusterInformation>(), KindRegistry.Of<Node>(), KindRegistry.Of<HostEndpoint>(),
        KindRegistry.Of<Namespace>(), KindRegistry.Of<IPPool>(), KindRegistry.Of<IPReservation>(), KindRegistry.Of<IPAMConfiguration>(),
        KindRegistry.Of<IPAMBlock>(), KindRegistry.Of<Service>(),
    ];

    private readonly IpamMetrics _metrics = new();
    private Dictionary<ResourceKey, Resource> _told = [];
    private List<IController> _controllers = [];
    private SettingsSource _settings = null!;

    public Cluster()
    {
        Store = new InMemoryDatastore(Time);
        Restart();
    }

    public ManualTime Time { get; } = new();

    public InMemoryDatastore Store { get; }

    /// <summary>How many writes there may still be before the next one fails, as when the process is killed; null: no end.</summary>
    public int? WritesLeft { get; set; }

    public DatastoreGate Gate { get; } = new();

    /// <summary>Forgets everything, as a new leader does.</summary>
    public void Restart()
    {
        Store.Intercept = (verb, _, _) =>
        {
            if (verb is "get" or "list" or "watch") return Task.CompletedTask;
            if (WritesLeft is 0) throw new KilledException();
            WritesLeft--;
            return Task.CompletedTask;
        };
        _told = [];
        _settings = new SettingsSource(Store, null, Time, NullLogger.Instance);
        _settings.Set(null);
        var pools = new PoolCache();
        var ipam = new IpamClient(new IpamStore(Store), new IpamClientOptions { Handles = HandleRecording.Always, MaxPause = TimeSpan.Zero }, _metrics, Time,
            _ => ValueTask.FromResult(pools.View));
        var log = NullLogger.Instance;
        _controllers =
        [
            new ClusterInformationController(Store, Gate, "v1.2.3", () => { }, log),
            new HostEndpointController(Store, _settings, log),
            new LoadBalancerController(Store, pools, new LoadBalancerAddresses(ipam, Time), _settings, new EventRecorder(Store, Time, log), Time, log),
        ];
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Sets the configuration.</summary>
    public async Task ConfigureAsync(Action<ControllersConfig> change)
    {
        var stored = await Store.FindAsync<KubeControllersConfiguration>(null, "default", Stop) ?? await Store.CreateAsync(ConfigurationReader.Default, Stop);
        change(stored.Spec.Controllers!);
        await Store.UpdateAsync(stored, Stop);
    }

    /// <summary>Makes or replaces objects.</summary>
    public async Task ApplyAsync(params Resource[] objects)
    {
        foreach (var value in objects)
        {
            var kind = KindRegistry.Find(value.ApiVersion, value.Kind)!;
            try
            {
                await Store.CreateAsync(kind, value, Stop);
            }
            catch (ApiException error) when (error.IsAlreadyExists)
            {
                await Store.UpdateAsync(kind, value, null, Stop);
            }
            if (value is Node { Status: not null }) await Store.UpdateAsync(kind, value, "status", Stop);
        }
    }

    /// <summary>Tells the controllers what is stored and has them work until nothing changes any more.</summary>
    public async Task SettleAsync(Random? order = null)
    {
        for (int round = 0; round < 50; round++)
        {
            string before = Store.ResourceVersion;
            await TellAsync(order);
            foreach (var controller in _controllers)
            {
                foreach (string key in Shuffled(controller.Keys(), order)) await controller.ReconcileAsync(key, Stop);
            }
            if (Store.ResourceVersion == before) return;
        }
        throw new InvalidOperationException("the controllers never come to rest");
    }

    /// <summary>Everything that controllers write, as text to compare, without times and versions.</summary>
    public async Task<string> StateAsync()
    {
        var lines = new List<string>();
        foreach (var endpoint in await Store.ListAsync<HostEndpoint>(default, Stop))
            lines.Add($"hep {endpoint.Metadata.Name} {endpoint.Spec.Node} {endpoint.Spec.InterfaceName} {string.Join(",", endpoint.Spec.ExpectedIPs ?? [])} {string.Join(",", (endpoint.Metadata.Labels ?? []).OrderBy(l => l.Key))}");
        foreach (var service in await Store.ListAsync<Service>(default, Stop))
            lines.Add($"svc {service.Metadata.Name} {string.Join(",", Shown(service))} {ServiceStatusEdit.ConditionOf(service)?.Status}");
        foreach (var (address, service) in await HeldAsync()) lines.Add($"held {address} {service}");
        return string.Join("\n", lines.Order());
    }

    /// <summary>The addresses that blocks say services have.</summary>
    public async Task<List<(string Address, string Service)>> HeldAsync()
    {
        var snapshot = await IpamSnapshot.ReadAsync(new IpamStore(Store), Stop);
        return [.. snapshot.Readable().SelectMany(b => b.Block.Allocations).Where(a => !a.Owner.IsCooling)
            .Select(a => (a.Address.ToString(), $"{a.Owner["namespace"]}/{a.Owner["service"]}")).Order()];
    }

    public async Task<Service> ServiceAsync(string name) => await Store.GetAsync<Service>("shop", name, Stop);

    public static IReadOnlyList<string> Shown(Service service) => [.. (service.Status?.LoadBalancer?.Ingress ?? []).Select(i => i.Ip ?? i.Hostname ?? "")];

    public void Dispose() => _metrics.Dispose();

    private async Task TellAsync(Random? order)
    {
        var now = new Dictionary<ResourceKey, Resource>();
        foreach (var kind in Kinds)
        {
            foreach (var item in (await Store.ListAsync(kind, default, Stop)).Items) now[kind.KeyOf(item.Metadata.Namespace, item.Metadata.Name!)] = item;
        }
        var updates = _told.Keys.Except(now.Keys).Select(gone => new ResourceUpdate(gone, null))
            .Concat(now.Where(n => _told.GetValueOrDefault(n.Key)?.Metadata.ResourceVersion != n.Value.Metadata.ResourceVersion).Select(n => new ResourceUpdate(n.Key, n.Value)));
        foreach (var update in Shuffled(updates, order))
        {
            if (update.Key is { Kind: "KubeControllersConfiguration", Name: "default" }) _settings.Set((update.Value as KubeControllersConfiguration)?.Spec);
            foreach (var controller in _controllers) controller.Observe(update);
        }
        _told = now;
    }

    private static IEnumerable<T> Shuffled<T>(IEnumerable<T> items, Random? order)
    {
        T[] all = [.. items];
        order?.Shuffle(all);
        return all;
    }
}

/// <summary>The process was killed before this write.</summary>
internal sealed class KilledException : Exception;
