using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Margay.Controllers.Tests;

/// <summary>The whole service, with its watches and queues, over a datastore in memory.</summary>
public sealed class ServiceTests
{
    [Fact]
    public async Task Configuration_is_followed_while_it_runs()
    {
        var store = new InMemoryDatastore();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var service = new ControllersService(
            store, new ControllersOptions { Election = null, MetricsPort = 0, Version = "v9" }, new LogThreshold(), TimeProvider.System, NullLoggerFactory.Instance);
        var running = service.RunAsync(stop.Token);

        await store.CreateAsync(Objects.Space("shop"), stop.Token);
        await store.CreateAsync(Objects.Pool("lb", "172.16.0.0/28", 28), stop.Token);
        await store.CreateAsync(Objects.Balancer("web"), stop.Token);
        await store.UntilAsync<Service>(s => s.Count == 1 && Cluster.Shown(s[0]).Count == 1, stop.Token);
        await store.UntilAsync<ClusterInformation>(c => c.Any(x => x.Spec.CalicoVersion == "v9"), stop.Token);

        await SetModeAsync(store, "RequestedServicesOnly", stop.Token);
        await store.UntilAsync<Service>(s => Cluster.Shown(s[0]).Count == 0, stop.Token);
        await SetModeAsync(store, "AllServices", stop.Token);
        await store.UntilAsync<Service>(s => Cluster.Shown(s[0]).Count == 1, stop.Token);
        await store.UntilAsync<KubeControllersConfiguration>(c => c[0].Status?.RunningConfig?.Controllers?.LoadBalancer?.AssignIPs == "AllServices", stop.Token);

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Of_two_one_works_and_the_other_takes_over_when_it_is_stopped()
    {
        var store = new InMemoryDatastore();
        var all = TestContext.Current.CancellationToken;
        using var first = CancellationTokenSource.CreateLinkedTokenSource(all);
        using var second = CancellationTokenSource.CreateLinkedTokenSource(all);
        var one = RunAsync(store, "one", first.Token);
        await store.UntilAsync<Lease>(l => l.Any(x => x.Spec.HolderIdentity == "one"), all);
        var two = RunAsync(store, "two", second.Token);
        await first.CancelAsync();
        await one;
        await store.UntilAsync<Lease>(l => l.Any(x => x.Spec.HolderIdentity == "two"), all);
        await store.CreateAsync(Objects.Space("shop"), all);
        await store.CreateAsync(Objects.Pool("lb", "172.16.0.0/28", 28), all);
        await store.CreateAsync(Objects.Balancer("web"), all);
        await store.UntilAsync<Service>(s => s.Count == 1 && Cluster.Shown(s[0]).Count == 1, all);
        await second.CancelAsync();
        await two;
        Assert.Equal("", (await store.GetAsync<Lease>("kube-system", "margay-controllers", all)).Spec.HolderIdentity);
    }

    private static Task RunAsync(InMemoryDatastore store, string identity, CancellationToken stop) =>
        new ControllersService(
            store, new ControllersOptions { Election = new() { Identity = identity }, MetricsPort = 0 }, new LogThreshold(), TimeProvider.System, NullLoggerFactory.Instance)
            .RunAsync(stop);

    private static async Task SetModeAsync(InMemoryDatastore store, string mode, CancellationToken stop)
    {
        while (true)
        {
            var stored = await store.GetAsync<KubeControllersConfiguration>(null, "default", stop);
            stored.Spec.Controllers!.LoadBalancer!.AssignIPs = mode;
            try
            {
                await store.UpdateAsync(stored, stop);
                return;
            }
            catch (ApiException error) when (error.IsConflict)
            {
                // Its status was just written.
            }
        }
    }
}
