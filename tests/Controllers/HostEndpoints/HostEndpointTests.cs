using Margay.Controllers.HostEndpoints;
using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Controllers.Tests.HostEndpoints;

public sealed class HostEndpointTests : IDisposable
{
    private readonly Cluster _cluster = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task A_node_gets_nothing_until_it_is_asked_for()
    {
        await _cluster.ApplyAsync(Objects.Node("n1", "10.0.0.1"));
        await _cluster.SettleAsync();
        Assert.Empty(await EndpointsAsync());
    }

    [Fact]
    public async Task A_node_gets_one_for_all_interfaces_with_its_labels_and_every_address()
    {
        await EnableAsync();
        await _cluster.ApplyAsync(Objects.Node("n1", "10.0.0.1", new() { ["zone"] = "a" }, new()
        {
            ["projectcalico.org/IPv4Address"] = "10.0.0.1/24",
            ["projectcalico.org/IPv6Address"] = "fd00::1/64",
            ["projectcalico.org/IPv4VXLANTunnelAddr"] = "10.65.0.1",
            ["projectcalico.org/IPv4WireguardInterfaceAddr"] = "10.65.0.2",
            ["projectcalico.org/Interfaces"] = """[{"name":"eth1","addresses":["192.168.3.4","nonsense"]}]""",
        }));
        await _cluster.SettleAsync();
        var endpoint = Assert.Single(await EndpointsAsync());
        Assert.Equal(("n1-auto-hep", "n1", "*"), (endpoint.Metadata.Name, endpoint.Spec.Node, endpoint.Spec.InterfaceName));
        Assert.Equal(["10.0.0.1", "fd00::1", "10.65.0.1", "10.65.0.2", "192.168.3.4"], endpoint.Spec.ExpectedIPs);
        Assert.Equal(["projectcalico-default-allow"], endpoint.Spec.Profiles);
        Assert.Equal(new() { ["zone"] = "a", ["projectcalico.org/created-by"] = "calico-kube-controllers" }, endpoint.Metadata.Labels);
    }

    [Fact]
    public async Task Templates_take_nodes_by_selector_and_addresses_by_network_and_make_nothing_where_none_matches()
    {
        await EnableAsync(hosts =>
        {
            hosts.CreateDefaultHostEndpoint = "Disabled";
            hosts.Templates =
            [
                new()
                {
                    GenerateName = "storage", NodeSelector = "role == 'db'", InterfaceCIDRs = ["10.9.0.0/16"],
                    Labels = new() { ["role"] = "storage" }, Annotations = new() { ["by"] = "us" },
                },
            ];
        });
        await _cluster.ApplyAsync(
            Objects.Node("a", "10.9.0.1", new() { ["role"] = "db" }), Objects.Node("b", "10.8.0.1", new() { ["role"] = "db" }), Objects.Node("c", "10.9.0.3"));
        await _cluster.SettleAsync();
        var endpoint = Assert.Single(await EndpointsAsync());
        Assert.Equal("a-storage-auto-hep", endpoint.Metadata.Name);
        Assert.Null(endpoint.Spec.InterfaceName);
        Assert.Equal(["10.9.0.1"], endpoint.Spec.ExpectedIPs);
        Assert.Equal("storage", endpoint.Metadata.Labels!["role"]);
        Assert.Equal("us", endpoint.Metadata.Annotations!["by"]);
    }

    [Fact]
    public async Task A_pattern_makes_one_for_each_interface_that_the_node_has_published()
    {
        await EnableAsync(hosts =>
        {
            hosts.CreateDefaultHostEndpoint = "Disabled";
            hosts.Templates = [new() { GenerateName = "nic", InterfacePattern = "^eth[01]$|^br_lan$" }];
        });
        await _cluster.ApplyAsync(Objects.Node("a", "10.0.0.1", annotations: new()
        {
            ["projectcalico.org/Interfaces"] = """[{"name":"eth0","addresses":["10.0.0.1"]},{"name":"eth2","addresses":[]},{"name":"br_lan","addresses":["10.1.0.1"]}]""",
        }));
        await _cluster.SettleAsync();
        var endpoints = await EndpointsAsync();
        Assert.Equal(["br_lan", "eth0"], endpoints.Select(e => e.Spec.InterfaceName).Order());
        Assert.Contains(endpoints, e => e.Metadata.Name == "a-nic-eth0-auto-hep" && e.Spec.ExpectedIPs!.SequenceEqual(["10.0.0.1"]));
        // An underscore cannot be in a name.
        Assert.EndsWith("-auto-hep", endpoints.Single(e => e.Spec.InterfaceName == "br_lan").Metadata.Name);
    }

    [Fact]
    public async Task They_follow_their_node_and_are_set_right_when_somebody_edits_them()
    {
        await EnableAsync();
        await _cluster.ApplyAsync(Objects.Node("n1", "10.0.0.1"));
        await _cluster.SettleAsync();
        await _cluster.ApplyAsync(Objects.Node("n1", "10.0.0.2", new() { ["zone"] = "b" }));
        await _cluster.SettleAsync();
        var endpoint = Assert.Single(await EndpointsAsync());
        Assert.Equal(["10.0.0.2"], endpoint.Spec.ExpectedIPs);
        Assert.Equal("b", endpoint.Metadata.Labels!["zone"]);
        string uid = endpoint.Metadata.Uid!;

        endpoint.Spec.Profiles = [];
        endpoint.Metadata.Labels["mine"] = "x";
        await _cluster.ApplyAsync(endpoint);
        await _cluster.SettleAsync();
        endpoint = Assert.Single(await EndpointsAsync());
        Assert.Equal((uid, "projectcalico-default-allow", false), (endpoint.Metadata.Uid, endpoint.Spec.Profiles![0], endpoint.Metadata.Labels!.ContainsKey("mine")));
    }

    [Fact]
    public async Task They_go_with_their_node_and_when_they_are_switched_off()
    {
        await EnableAsync();
        await _cluster.ApplyAsync(Objects.Node("n1", "10.0.0.1"), Objects.Node("n2", "10.0.0.2"));
        await _cluster.SettleAsync();
        await _cluster.Store.DeleteAsync<Node>(null, "n1", null, Stop);
        await _cluster.SettleAsync();
        Assert.Equal("n2-auto-hep", Assert.Single(await EndpointsAsync()).Metadata.Name);
        await _cluster.ConfigureAsync(c => c.Node!.HostEndpoint!.AutoCreate = "Disabled");
        await _cluster.SettleAsync();
        Assert.Empty(await EndpointsAsync());
    }

    [Fact]
    public async Task Nothing_that_people_made_is_touched_even_under_the_same_name()
    {
        HostEndpoint own = new() { Metadata = { Name = "n1-auto-hep" }, Spec = new() { Node = "n1", InterfaceName = "eth0" } };
        HostEndpoint orphan = new() { Metadata = { Name = "gone-auto-hep" }, Spec = new() { Node = "gone", InterfaceName = "eth0" } };
        await _cluster.ApplyAsync(own, orphan);
        await EnableAsync();
        await _cluster.ApplyAsync(Objects.Node("n1", "10.0.0.1"));
        await _cluster.SettleAsync();
        await _cluster.ConfigureAsync(c => c.Node!.HostEndpoint!.AutoCreate = "Disabled");
        await _cluster.SettleAsync();
        Assert.Equal(["gone-auto-hep", "n1-auto-hep"], (await EndpointsAsync()).Select(e => e.Metadata.Name));
        Assert.All(await EndpointsAsync(), e => Assert.Equal("eth0", e.Spec.InterfaceName));
    }

    [Fact]
    public async Task Who_takes_the_label_off_keeps_the_endpoint()
    {
        await EnableAsync();
        await _cluster.ApplyAsync(Objects.Node("n1", "10.0.0.1"));
        await _cluster.SettleAsync();
        var endpoint = Assert.Single(await EndpointsAsync());
        endpoint.Metadata.Labels = null;
        await _cluster.ApplyAsync(endpoint);
        await _cluster.Store.DeleteAsync<Node>(null, "n1", null, Stop);
        await _cluster.SettleAsync();
        Assert.Single(await EndpointsAsync());
    }

    [Fact]
    public void A_template_that_cannot_be_understood_makes_nothing_and_undoes_nothing()
    {
        var problems = new List<string>();
        AutoHostEndpointConfig config = new() { AutoCreate = "Enabled", Templates = [new() { GenerateName = "t", NodeSelector = "role ==", InterfaceCIDRs = ["10.0.0.0/8"] }] };
        var read = AutoHostEndpoints.Read(config, problems);
        Assert.Contains("templates[0]", Assert.Single(problems));
        HostEndpoint made = new()
        {
            Metadata = { Name = "n1-t-auto-hep", Labels = new() { [HostEndpointPlan.CreatedByLabel] = HostEndpointPlan.CreatedByValue } },
            Spec = new() { Node = "n1", ExpectedIPs = ["10.0.0.1"] },
        };
        var plan = HostEndpointPlan.For(Objects.Node("n1", "10.0.0.1"), read, [made]);
        Assert.Empty(plan.Delete);
        Assert.Equal("n1-auto-hep", Assert.Single(plan.Create).Metadata.Name);
    }

    [Fact]
    public void A_name_that_would_be_too_long_is_a_hash()
    {
        string name = HostEndpointNames.Of(new string('n', 250), "t");
        Assert.True(name.Length < 100);
        Assert.EndsWith("-auto-hep", name);
        Assert.NotEqual(name, HostEndpointNames.Of(new string('n', 250), "u"));
    }

    [Fact]
    public async Task Any_order_of_events_ends_equal_and_a_second_look_writes_nothing()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            using var cluster = new Cluster();
            var random = new Random(seed);
            for (int step = 0; step < 25; step++)
            {
                await ChangeAsync(cluster, random);
                if (random.Next(3) == 0) await cluster.SettleAsync(random);
                if (random.Next(8) == 0) cluster.Restart();
            }
            await cluster.SettleAsync(random);
            string reached = await cluster.StateAsync();

            // The same objects, looked at for the first time.
            using var fresh = new Cluster();
            foreach (var node in await cluster.Store.ListAsync<Node>(default, Stop)) await fresh.ApplyAsync(Fresh(node));
            foreach (var settings in await cluster.Store.ListAsync<KubeControllersConfiguration>(default, Stop)) await fresh.ApplyAsync(Fresh(settings));
            await fresh.SettleAsync();
            Assert.True(await fresh.StateAsync() == reached, $"seed {seed}:\n{reached}\n--- fresh:\n{await fresh.StateAsync()}");

            cluster.Restart();
            string before = cluster.Store.ResourceVersion;
            await cluster.SettleAsync(random);
            Assert.Equal(before, cluster.Store.ResourceVersion);
        }
    }

    private static T Fresh<T>(T value)
        where T : Resource
    {
        value.Metadata.ResourceVersion = null;
        value.Metadata.Uid = null;
        return value;
    }

    private static async Task ChangeAsync(Cluster cluster, Random random)
    {
        string name = $"n{random.Next(4)}";
        switch (random.Next(4))
        {
            case 0:
                if (await cluster.Store.FindAsync<Node>(null, name, Stop) is not null) await cluster.Store.DeleteAsync<Node>(null, name, null, Stop);
                break;
            case 1:
                await cluster.ConfigureAsync(c =>
                {
                    var hosts = c.Node!.HostEndpoint!;
                    hosts.AutoCreate = random.Next(4) == 0 ? "Disabled" : "Enabled";
                    hosts.CreateDefaultHostEndpoint = random.Next(2) == 0 ? "Disabled" : "Enabled";
                    hosts.Templates = [.. Enumerable.Range(0, random.Next(3)).Select(i => new HostEndpointTemplate
                    {
                        GenerateName = $"t{i}", NodeSelector = random.Next(2) == 0 ? "zone == 'a'" : null, InterfaceCIDRs = [$"10.{random.Next(3)}.0.0/16"],
                    })];
                });
                break;
            default:
                await cluster.ApplyAsync(Objects.Node(name, $"10.{random.Next(3)}.0.{random.Next(1, 9)}", random.Next(2) == 0 ? null : new() { ["zone"] = random.Next(2) == 0 ? "a" : "b" }));
                break;
        }
    }

    private Task EnableAsync(Action<AutoHostEndpointConfig>? change = null) => _cluster.ConfigureAsync(c =>
    {
        c.Node!.HostEndpoint!.AutoCreate = "Enabled";
        change?.Invoke(c.Node.HostEndpoint);
    });

    private async Task<IReadOnlyList<HostEndpoint>> EndpointsAsync() => await _cluster.Store.ListAsync<HostEndpoint>(default, Stop);
}
