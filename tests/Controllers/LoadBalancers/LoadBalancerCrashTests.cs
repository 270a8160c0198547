using Margay.Controllers.LoadBalancers;
using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Controllers.Tests.LoadBalancers;

/// <summary>Death at every write, and random lives: no address twice, none lost, and it always ends where it should.</summary>
public sealed class LoadBalancerCrashTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_before_any_write_the_next_leader_ends_in_the_same_state()
    {
        for (int writes = 0; ; writes++)
        {
            using var cluster = new Cluster();
            int deaths = await LiveAsync(cluster, writes);
            await CheckAsync(cluster, $"killed before write {writes + 1}");
            Assert.Equal(["shop/api", "shop/both", "shop/both", "shop/moved"], (await cluster.HeldAsync()).Select(h => h.Service).Order());
            if (deaths == 0)
            {
                Assert.True(writes > 15, $"there were only {writes} writes to die at");
                return;
            }
        }
    }

    [Fact]
    public async Task Random_lives_and_deaths_leave_no_address_doubled_lost_or_hidden()
    {
        for (int seed = 1; seed <= 60; seed++)
        {
            using var cluster = new Cluster();
            var random = new Random(seed);
            await cluster.ApplyAsync(Objects.Space("shop"), Objects.Pool("small", "172.16.0.0/29", 30), Objects.Pool("six", "fd00:16::/126", 126));
            for (int step = 0; step < 30; step++)
            {
                await ChangeAsync(cluster, random);
                if (random.Next(2) == 0) cluster.WritesLeft = random.Next(8);
                await SettleOrDieAsync(cluster, random);
                NoDoubles(await StatusesAsync(cluster), $"seed {seed}, step {step}");
            }
            await cluster.SettleAsync(random);
            await CheckAsync(cluster, $"seed {seed}");
            cluster.Restart();
            string before = cluster.Store.ResourceVersion;
            await cluster.SettleAsync(random);
            Assert.Equal(before, cluster.Store.ResourceVersion);
        }
    }

    private static async Task<int> LiveAsync(Cluster cluster, int writes)
    {
        var both = Objects.Balancer("both");
        (both.Spec.IpFamilies, both.Spec.IpFamilyPolicy) = (["IPv4", "IPv6"], "RequireDualStack");
        await cluster.ApplyAsync(
            Objects.Space("shop"), Objects.Pool("four", "172.16.0.0/28", 28), Objects.Pool("vip", "172.17.0.0/28", 28, "Manual"),
            Objects.Pool("six", "fd00:16::/122", 122), both, Objects.Balancer("web"), Objects.Balancer("moved"));
        cluster.WritesLeft = writes;
        int deaths = await SettleOrDieAsync(cluster, null);
        int? left = cluster.WritesLeft;
        cluster.WritesLeft = null;
        // What people do is no write of ours.
        await cluster.Store.DeleteAsync<Service>("shop", "web", null, Stop);
        var moved = await cluster.ServiceAsync("moved");
        moved.Metadata.Annotations = new() { [ServiceWish.Ipv4Pools] = """["vip"]""" };
        await cluster.Store.UpdateAsync(moved, Stop);
        await cluster.ApplyAsync(Objects.Balancer("api"));
        cluster.WritesLeft = deaths > 0 ? null : left;
        deaths += await SettleOrDieAsync(cluster, null);
        await cluster.SettleAsync();
        return deaths;
    }

    private static async Task<int> SettleOrDieAsync(Cluster cluster, Random? random)
    {
        int deaths = 0;
        try
        {
            await cluster.SettleAsync(random);
        }
        catch (KilledException)
        {
            deaths++;
            cluster.Restart();
        }
        cluster.WritesLeft = null;
        return deaths;
    }

    private static async Task ChangeAsync(Cluster cluster, Random random)
    {
        string name = $"s{random.Next(7)}";
        var stored = await cluster.Store.FindAsync<Service>("shop", name, Stop);
        if (stored is null)
        {
            await cluster.ApplyAsync(Objects.Balancer(name));
            return;
        }
        switch (random.Next(6))
        {
            case 0:
                await cluster.Store.DeleteAsync<Service>("shop", name, null, Stop);
                return;
            case 1:
                stored.Spec.Type = stored.Spec.Type == "LoadBalancer" ? "ClusterIP" : "LoadBalancer";
                break;
            case 2:
                stored.Metadata.Annotations = random.Next(2) == 0 ? null : new() { [ServiceWish.Addresses] = $"[\"172.16.0.{random.Next(8)}\"]" };
                break;
            case 3:
                (stored.Spec.IpFamilies, stored.Spec.IpFamilyPolicy) = random.Next(3) switch
                {
                    0 => (["IPv4"], "SingleStack"),
                    1 => (["IPv6", "IPv4"], "PreferDualStack"),
                    _ => ((List<string>)["IPv4", "IPv6"], "RequireDualStack"),
                };
                break;
            case 4:
                await cluster.ConfigureAsync(c => c.LoadBalancer!.AssignIPs = random.Next(2) == 0 ? "AllServices" : "RequestedServicesOnly");
                return;
        }
        await cluster.Store.UpdateAsync(stored, Stop);
    }

    // The end of every life: what blocks hold is what statuses show, and whoever lacks something says so.
    private static async Task CheckAsync(Cluster cluster, string where)
    {
        var shown = await StatusesAsync(cluster);
        NoDoubles(shown, where);
        Assert.True(shown.Order().SequenceEqual(await cluster.HeldAsync()), $"{where}: shown {string.Join(" ", shown)}; held {string.Join(" ", await cluster.HeldAsync())}");
        foreach (var service in await cluster.Store.ListAsync<Service>(default, Stop))
        {
            if (ServiceStatusEdit.ConditionOf(service) is not { Status: "True" }) continue;
            var wish = ServiceWish.Of(service, all: true);
            Assert.True(wish.Families.Count == Cluster.Shown(service).Count, $"{where}: {service.Metadata.Name} claims to have everything and shows {string.Join(" ", Cluster.Shown(service))}");
        }
    }

    private static void NoDoubles(List<(string Address, string Service)> shown, string where) =>
        Assert.True(shown.DistinctBy(s => s.Address).Count() == shown.Count, $"{where}: {string.Join(" ", shown)}");

    private static async Task<List<(string Address, string Service)>> StatusesAsync(Cluster cluster) =>
        [.. (await cluster.Store.ListAsync<Service>(default, Stop)).SelectMany(s => Cluster.Shown(s).Select(a => (a, $"shop/{s.Metadata.Name}")))];
}
