using Margay.Controllers.LoadBalancers;
using Margay.Controllers.Tests.Support;
using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Margay.Model.Resources;

namespace Margay.Controllers.Tests.LoadBalancers;

public sealed class LoadBalancerTests : IDisposable
{
    private readonly Cluster _cluster = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _cluster.Dispose();

    [Fact]
    public async Task A_service_gets_an_address_and_its_status_shows_it()
    {
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/24", 28), Objects.Balancer("web"), Objects.Balancer("api"));
        var (web, api) = (await _cluster.ServiceAsync("web"), await _cluster.ServiceAsync("api"));
        Assert.NotEqual(Assert.Single(Cluster.Shown(web)), Assert.Single(Cluster.Shown(api)));
        Assert.Equal(("True", "Assigned"), (ServiceStatusEdit.ConditionOf(web)!.Status, ServiceStatusEdit.ConditionOf(web)!.Reason));
        Assert.Equal(2, (await _cluster.HeldAsync()).Count);
    }

    [Fact]
    public async Task What_is_stored_has_upstreams_form()
    {
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/24", 28), Objects.Balancer("web"));
        var block = Assert.Single(await _cluster.Store.ListAsync<IPAMBlock>(default, Stop));
        Assert.Equal("virtual:load-balancer", block.Spec.Affinity);
        var attribute = Assert.Single(block.Spec.Attributes);
        Assert.Equal(("web", "shop", "LoadBalancer"), (attribute.ActiveOwnerAttrs!["service"], attribute.ActiveOwnerAttrs["namespace"], attribute.ActiveOwnerAttrs["type"]));
        var affinity = Assert.Single(await _cluster.Store.ListAsync<BlockAffinity>(default, Stop));
        Assert.Equal(("load-balancer", "virtual", "confirmed"), (affinity.Spec.Node, affinity.Spec.Type, affinity.Spec.State));
        var handle = Assert.Single(await _cluster.Store.ListAsync<IPAMHandle>(default, Stop));
        Assert.Equal((attribute.HandleId, 1), (handle.Spec.HandleId, Assert.Single(handle.Spec.Block).Value));
    }

    [Fact]
    public void The_handle_is_upstreams_hash_of_name_namespace_and_uid() =>
        Assert.Equal("lb-m0YRZEOoTy7oQWggaBwqpwpwUwNRrOKuY1V3idmIM", AddressRequest.OfService("shop", "web", "0b7e6a4e-9d3f-4f9e-8c55-0d2a1e3b4c5d"));

    [Fact]
    public async Task Without_a_pool_a_service_waits_says_why_and_gets_its_address_when_there_is_one()
    {
        await BeginAsync(Objects.Balancer("web"));
        var condition = ServiceStatusEdit.ConditionOf(await _cluster.ServiceAsync("web"))!;
        Assert.Equal(("False", "NoPool"), (condition.Status, condition.Reason));
        var happened = Assert.Single(await _cluster.Store.ListAsync<Event>(default, Stop));
        Assert.Equal(("LoadBalancerNoPool", "Warning", "web", condition.Message), (happened.Reason, happened.Type, happened.InvolvedObject!.Name, happened.Message));
        await _cluster.ApplyAsync(Objects.Pool("lb", "172.16.0.0/24", 28));
        await _cluster.SettleAsync();
        Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web")));
    }

    [Fact]
    public async Task Pools_of_pods_are_not_used() =>
        Assert.Empty(Cluster.Shown(await OneAsync(Objects.Pool("pods", "10.0.0.0/24", 28, use: "Workload"), Objects.Balancer("web"))));

    [Fact]
    public async Task A_service_that_is_deleted_or_of_another_type_gives_its_address_back()
    {
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/24", 28), Objects.Balancer("web"), Objects.Balancer("api"));
        await _cluster.Store.DeleteAsync<Service>("shop", "web", null, Stop);
        await EditAsync("api", s => s.Spec.Type = "ClusterIP");
        await _cluster.SettleAsync();
        Assert.Empty(await _cluster.HeldAsync());
        var api = await _cluster.ServiceAsync("api");
        Assert.Empty(Cluster.Shown(api));
        Assert.Null(ServiceStatusEdit.ConditionOf(api));
        Assert.Empty(await _cluster.Store.ListAsync<IPAMHandle>(default, Stop));
    }

    [Fact]
    public async Task A_service_that_is_made_anew_under_the_name_does_not_inherit_what_the_old_one_had()
    {
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/29", 29), Objects.Balancer("web"));
        string old = Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web")));
        await _cluster.Store.DeleteAsync<Service>("shop", "web", null, Stop);
        await _cluster.ApplyAsync(Objects.Balancer("web"));
        await _cluster.SettleAsync();
        string now = Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web")));
        Assert.NotEqual(old, now);
        Assert.Equal([(now, "shop/web")], await _cluster.HeldAsync());
    }

    [Fact]
    public async Task Services_of_another_class_are_left_alone_and_so_is_their_status()
    {
        var foreign = Objects.Balancer("web");
        foreign.Spec.LoadBalancerClass = "example.org/lb";
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/24", 28), foreign);
        await ShowAsync("web", "203.0.113.9");
        await _cluster.SettleAsync();
        Assert.Equal(["203.0.113.9"], Cluster.Shown(await _cluster.ServiceAsync("web")));
        Assert.Empty(await _cluster.HeldAsync());
    }

    [Fact]
    public async Task In_mode_RequestedServicesOnly_those_that_ask_keep_theirs_and_the_others_give_them_back()
    {
        var classed = Objects.Balancer("classed");
        classed.Spec.LoadBalancerClass = "calico";
        var field = Objects.Balancer("field");
        field.Spec.LoadBalancerIP = "172.16.0.200";
        await BeginAsync(
            Objects.Pool("lb", "172.16.0.0/24", 28), classed, field, Objects.Balancer("silent"), Objects.Balancer("asking", (ServiceWish.Ipv4Pools, """["lb"]""")));
        Assert.Equal(4, (await _cluster.HeldAsync()).Count);
        await _cluster.ConfigureAsync(c => c.LoadBalancer!.AssignIPs = "RequestedServicesOnly");
        await _cluster.SettleAsync();
        Assert.Equal(["shop/asking", "shop/classed", "shop/field"], (await _cluster.HeldAsync()).Select(h => h.Service).Order());
        Assert.Empty(Cluster.Shown(await _cluster.ServiceAsync("silent")));
        Assert.Equal(["172.16.0.200"], Cluster.Shown(await _cluster.ServiceAsync("field")));
    }

    [Fact]
    public async Task When_the_controller_is_taken_out_of_the_configuration_addresses_stay()
    {
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/24", 28), Objects.Balancer("web"));
        await _cluster.ConfigureAsync(c => c.LoadBalancer = null);
        await _cluster.ApplyAsync(Objects.Balancer("late"));
        await _cluster.SettleAsync();
        Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web")));
        Assert.Empty(Cluster.Shown(await _cluster.ServiceAsync("late")));
    }

    [Fact]
    public async Task An_address_that_is_asked_for_by_name_is_given_or_refused_without_another_in_its_place()
    {
        var pool = Objects.Pool("lb", "172.16.0.0/24", 28);
        await BeginAsync(pool, Objects.Balancer("web", (ServiceWish.Addresses, """["172.16.0.77"]""")));
        Assert.Equal(["172.16.0.77"], Cluster.Shown(await _cluster.ServiceAsync("web")));

        await _cluster.ApplyAsync(Objects.Balancer("api", (ServiceWish.Addresses, """["172.16.0.77"]""")));
        await _cluster.SettleAsync();
        var condition = ServiceStatusEdit.ConditionOf(await _cluster.ServiceAsync("api"))!;
        Assert.Equal(("False", "Taken"), (condition.Status, condition.Reason));
        Assert.Contains("172.16.0.77 of pool lb is in use by service shop/web", condition.Message);

        await _cluster.Store.DeleteAsync<Service>("shop", "web", null, Stop);
        await _cluster.SettleAsync();
        Assert.Equal(["172.16.0.77"], Cluster.Shown(await _cluster.ServiceAsync("api")));
    }

    [Fact]
    public async Task Another_wish_moves_the_service_and_gives_the_old_address_back()
    {
        await BeginAsync(
            Objects.Pool("lb", "172.16.0.0/28", 28), Objects.Pool("vip", "172.17.0.0/28", 28, "Manual"), Objects.Balancer("web"));
        Assert.StartsWith("172.16.", Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web"))));
        foreach (var (key, value, expected) in new[]
                 {
                     (ServiceWish.Ipv4Pools, """["vip"]""", "172.17.0."), (ServiceWish.Ipv4Pools, """["172.16.0.0/28"]""", "172.16.0."),
                     (ServiceWish.Addresses, """["172.17.0.9"]""", "172.17.0.9"), (ServiceWish.Addresses, "", "172.16.0."),
                 })
        {
            await EditAsync("web", s => s.Metadata.Annotations = new() { [key] = value });
            await _cluster.SettleAsync();
            Assert.StartsWith(expected, Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web"))));
            Assert.Single(await _cluster.HeldAsync());
        }
    }

    [Fact]
    public async Task A_wish_that_cannot_be_fulfilled_or_understood_takes_nothing_away()
    {
        _cluster.Store.Validates = false;
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/28", 28), Objects.Balancer("web"));
        string address = Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web")));
        await EditAsync("web", s => s.Metadata.Annotations = new() { [ServiceWish.Addresses] = "172.16.0.9" });
        await _cluster.SettleAsync();
        var web = await _cluster.ServiceAsync("web");
        Assert.Equal([address], Cluster.Shown(web));
        Assert.Equal("InvalidRequest", ServiceStatusEdit.ConditionOf(web)!.Reason);
        Assert.Contains("must be a JSON list", ServiceStatusEdit.ConditionOf(web)!.Message);
        await EditAsync("web", s => s.Metadata.Annotations = null);
        await _cluster.SettleAsync();
        Assert.Equal([address], Cluster.Shown(await _cluster.ServiceAsync("web")));
    }

    [Fact]
    public async Task A_pool_that_is_named_and_does_not_exist_is_told()
    {
        var web = await OneAsync(Objects.Pool("lb", "172.16.0.0/28", 28), Objects.Balancer("web", (ServiceWish.Ipv4Pools, """["nowhere"]""")));
        Assert.Equal("Invalid", ServiceStatusEdit.ConditionOf(web)!.Reason);
        Assert.Contains("annotation projectcalico.org/ipv4pools of service shop/web asks for pool 'nowhere'", ServiceStatusEdit.ConditionOf(web)!.Message);
    }

    [Fact]
    public async Task A_pool_of_one_serves_one_and_the_next_when_that_is_gone()
    {
        await BeginAsync(Objects.Pool("lb", "172.16.0.1/32", 32), Objects.Balancer("a"));
        await _cluster.ApplyAsync(Objects.Balancer("b"));
        await _cluster.SettleAsync();
        Assert.Equal("Exhausted", ServiceStatusEdit.ConditionOf(await _cluster.ServiceAsync("b"))!.Reason);
        Assert.Contains("pool lb is full: 1 of 1", ServiceStatusEdit.ConditionOf(await _cluster.ServiceAsync("b"))!.Message);
        await _cluster.Store.DeleteAsync<Service>("shop", "a", null, Stop);
        await _cluster.SettleAsync();
        Assert.Equal(["172.16.0.1"], Cluster.Shown(await _cluster.ServiceAsync("b")));
    }

    [Fact]
    public async Task A_dual_stack_service_gets_one_of_each_in_its_order()
    {
        var web = Objects.Balancer("web");
        (web.Spec.IpFamilies, web.Spec.IpFamilyPolicy) = (["IPv6", "IPv4"], "RequireDualStack");
        await BeginAsync(Objects.Pool("lb4", "172.16.0.0/28", 28), Objects.Pool("lb6", "fd00:16::/122", 122), web);
        Assert.Equal([true, false], Cluster.Shown(await _cluster.ServiceAsync("web")).Select(a => a.Contains(':')));
        await EditAsync("web", s => (s.Spec.IpFamilies, s.Spec.IpFamilyPolicy) = (["IPv6"], "SingleStack"));
        await _cluster.SettleAsync();
        Assert.Contains(":", Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web"))));
        Assert.Single(await _cluster.HeldAsync());
    }

    [Fact]
    public async Task What_requires_both_families_gets_none_alone_and_what_prefers_them_gets_what_there_is()
    {
        var (both, either) = (Objects.Balancer("both"), Objects.Balancer("either"));
        (both.Spec.IpFamilies, both.Spec.IpFamilyPolicy) = (["IPv4", "IPv6"], "RequireDualStack");
        (either.Spec.IpFamilies, either.Spec.IpFamilyPolicy) = (["IPv4", "IPv6"], "PreferDualStack");
        await BeginAsync(Objects.Pool("lb4", "172.16.0.0/28", 28), both, either);
        Assert.Empty(Cluster.Shown(await _cluster.ServiceAsync("both")));
        Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("either")));
        Assert.Equal(["shop/either"], (await _cluster.HeldAsync()).Select(h => h.Service));
    }

    [Fact]
    public async Task A_pool_that_goes_takes_its_addresses_along_and_one_that_is_disabled_does_not()
    {
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/28", 28), Objects.Balancer("web"));
        var pool = await _cluster.Store.GetAsync<IPPool>(null, "lb", Stop);
        pool.Spec.Disabled = true;
        await _cluster.ApplyAsync(pool, Objects.Balancer("late"));
        await _cluster.SettleAsync();
        Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web")));
        Assert.Empty(Cluster.Shown(await _cluster.ServiceAsync("late")));
        await _cluster.Store.DeleteAsync<IPPool>(null, "lb", null, Stop);
        await _cluster.SettleAsync();
        Assert.Empty(Cluster.Shown(await _cluster.ServiceAsync("web")));
        Assert.Empty(await _cluster.HeldAsync());
    }

    [Fact]
    public async Task A_status_that_somebody_overwrites_is_set_right()
    {
        await BeginAsync(Objects.Pool("lb", "172.16.0.0/28", 28), Objects.Balancer("web"));
        string address = Assert.Single(Cluster.Shown(await _cluster.ServiceAsync("web")));
        await ShowAsync("web", "203.0.113.9");
        await _cluster.SettleAsync();
        Assert.Equal([address], Cluster.Shown(await _cluster.ServiceAsync("web")));
    }

    private async Task<Service> OneAsync(params Resource[] objects)
    {
        await BeginAsync(objects);
        return await _cluster.ServiceAsync("web");
    }

    private async Task BeginAsync(params Resource[] objects)
    {
        await _cluster.ApplyAsync([Objects.Space("shop"), .. objects]);
        await _cluster.SettleAsync();
    }

    private async Task EditAsync(string name, Action<Service> edit)
    {
        var service = await _cluster.ServiceAsync(name);
        edit(service);
        await _cluster.Store.UpdateAsync(service, Stop);
    }

    private async Task ShowAsync(string name, string address)
    {
        var service = await _cluster.ServiceAsync(name);
        service.Status = new() { LoadBalancer = new() { Ingress = [new() { Ip = address }] }, Conditions = service.Status?.Conditions };
        await _cluster.Store.UpdateStatusAsync(service, Stop);
    }
}
