using System.Net;
using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Margay.Tests;

namespace Margay.Controllers.Tests.Processes;

/// <summary>Three real processes, with the rights of controllers only, at the real API server.</summary>
public sealed class LeaderKillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task When_the_leader_is_killed_another_goes_on_and_when_it_is_stopped_the_next_does_at_once()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = await ServerProcess.StartAsync(stop);
        int port = Ports.Next();
        List<ControllersProcess> all = [new(server.ControllersKubeconfig, port), new(server.ControllersKubeconfig), new(server.ControllersKubeconfig)];
        try
        {
            await RunAsync(server.Store, all, port, stop);
        }
        finally
        {
            foreach (var process in all)
            {
                output.WriteLine(process.Log + "\n----");
                await process.DisposeAsync();
            }
        }
    }

    private static async Task RunAsync(IResourceStore store, List<ControllersProcess> all, int port, CancellationToken stop)
    {
        await store.CreateAsync(Objects.Space("shop"), stop);
        await store.CreateAsync(Objects.Pool("lb", "172.16.0.0/28", 28), stop);
        await store.CreateAsync(Objects.Node("n1", "10.0.0.1"), stop);
        string first = await HolderAsync(store, "", stop);
        await EnableHostEndpointsAsync(store, stop);
        await store.UntilAsync<HostEndpoint>(e => e.Any(x => x.Metadata.Name == "n1-auto-hep" && x.Spec.ExpectedIPs![0] == "10.0.0.1"), stop);
        await store.CreateAsync(Objects.Balancer("a"), stop);
        await store.UntilAsync<Service>(s => AllServed(s, 1), stop);
        await ProbeAsync(port, stop);

        all.Single(p => p.Is(first)).Kill();
        await store.CreateAsync(Objects.Balancer("b"), stop);
        string second = await HolderAsync(store, first, stop);
        await store.UntilAsync<Service>(s => AllServed(s, 2), stop);

        Assert.Equal(0, await all.Single(p => p.Is(second)).TerminateAsync(stop));
        await store.CreateAsync(Objects.Balancer("c"), stop);
        string third = await HolderAsync(store, second, stop);
        var services = await store.UntilAsync<Service>(s => AllServed(s, 3), stop);
        Assert.Equal(3, services.SelectMany(Cluster.Shown).Distinct().Count());
        Assert.Equal(3, new[] { first, second, third }.Distinct().Count());
        // None of the rights that controllers have was missing.
        Assert.All(all, p => Assert.DoesNotContain("forbidden", p.Log, StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<string> HolderAsync(IResourceStore store, string other, CancellationToken stop)
    {
        var leases = await store.UntilAsync<Lease>(l => l.Any(x => x.Spec.HolderIdentity is { Length: > 0 } holder && holder != other), stop);
        return leases.Single(l => l.Metadata.Name == "margay-controllers").Spec.HolderIdentity!;
    }

    private static bool AllServed(IReadOnlyList<Service> services, int count) =>
        services.Count(s => s.Metadata.Namespace == "shop") == count && services.Where(s => s.Metadata.Namespace == "shop").All(s => Cluster.Shown(s).Count == 1);

    private static async Task EnableHostEndpointsAsync(IResourceStore store, CancellationToken stop)
    {
        await store.UntilAsync<KubeControllersConfiguration>(c => c.Any(x => x.Status?.RunningConfig is not null), stop);
        while (true)
        {
            var stored = await store.GetAsync<KubeControllersConfiguration>(null, "default", stop);
            stored.Spec.Controllers!.Node!.HostEndpoint!.AutoCreate = "Enabled";
            try
            {
                await store.UpdateAsync(stored, stop);
                break;
            }
            catch (ApiException error) when (error.IsConflict)
            {
                // Its status was just written.
            }
        }
        await store.UntilAsync<KubeControllersConfiguration>(
            c => c.Any(x => x.Status?.RunningConfig?.Controllers?.Node?.HostEndpoint?.AutoCreate == "Enabled"), stop);
    }

    private static async Task ProbeAsync(int port, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        while (true)
        {
            try
            {
                Assert.Equal("ready\n", await http.GetStringAsync("/readiness", limit.Token));
                break;
            }
            catch (HttpRequestException)
            {
                // Another one leads, and this one may still be starting.
                await Task.Delay(50, limit.Token);
            }
        }
        Assert.Equal("live\n", await http.GetStringAsync("/liveness", stop));
        Assert.Contains("\"role\"", await http.GetStringAsync("/status", stop));
        Assert.Contains("margay_controllers_leader", await http.GetStringAsync("/metrics", stop));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/other", stop)).StatusCode);
    }
}
