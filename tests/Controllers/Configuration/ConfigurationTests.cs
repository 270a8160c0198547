using Margay.Controllers.Configuration;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Fake;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.Tests.Configuration;

public sealed class ConfigurationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Without_an_object_upstreams_defaults_count()
    {
        var settings = ConfigurationReader.Read(null, null);
        Assert.Equal((TimeSpan.FromMinutes(15), true, 9094, LogLevel.Information), (settings.Node!.LeakGrace, settings.LoadBalancer!.AllServices, settings.MetricsPort, settings.Level));
        Assert.False(settings.Node.HostEndpoints.Enabled);
    }

    [Fact]
    public void A_controller_that_is_absent_does_not_run_unless_the_command_line_names_it()
    {
        KubeControllersConfigurationSpec spec = new() { Controllers = new() { LoadBalancer = new() { AssignIPs = "RequestedServicesOnly" } } };
        Assert.Null(ConfigurationReader.Read(spec, null).Node);
        Assert.False(ConfigurationReader.Read(spec, null).LoadBalancer!.AllServices);
        var named = ConfigurationReader.Read(spec, new HashSet<string> { "node" });
        Assert.NotNull(named.Node);
        Assert.Null(named.LoadBalancer);
    }

    [Fact]
    public void A_grace_of_zero_means_never_and_a_broken_one_is_told_and_counts_as_the_default()
    {
        Assert.Null(Read("0s").Node!.LeakGrace);
        Assert.Equal(TimeSpan.FromMinutes(2), Read("2m").Node!.LeakGrace);
        var broken = Read("soon");
        Assert.Equal(TimeSpan.FromMinutes(15), broken.Node!.LeakGrace);
        Assert.Contains("leakGracePeriod: \"soon\"", Assert.Single(broken.Problems));

        static RunningSettings Read(string grace) => ConfigurationReader.Read(new() { Controllers = new() { Node = new() { LeakGracePeriod = grace } } }, null);
    }

    [Fact]
    public async Task The_object_is_made_where_there_is_none_and_its_status_says_what_runs()
    {
        var store = new InMemoryDatastore();
        var controller = new ConfigurationController(store, new HashSet<string> { "loadbalancer" });
        await controller.ReconcileAsync("default", Stop);
        var stored = await store.GetAsync<KubeControllersConfiguration>(null, "default", Stop);
        Assert.Equal(("AllServices", "15m"), (stored.Spec.Controllers!.LoadBalancer!.AssignIPs, stored.Spec.Controllers.Node!.LeakGracePeriod));
        Assert.Null(stored.Status!.RunningConfig!.Controllers!.Node);
        Assert.Equal("AllServices", stored.Status.RunningConfig.Controllers.LoadBalancer!.AssignIPs);
        string version = store.ResourceVersion;
        await controller.ReconcileAsync("default", Stop);
        Assert.Equal(version, store.ResourceVersion);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused_with_the_fix()
    {
        Assert.Null(new ControllersOptions().Problem);
        Assert.Contains("there is no controller \"nodes\"; there are node, loadbalancer", new ControllersOptions { EnabledControllers = new HashSet<string> { "nodes" } }.Problem);
        Assert.Contains("70000 is not a port", new ControllersOptions { MetricsPort = 70000 }.Problem);
    }
}
