using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Graph;

/// <summary>Things larger than anybody needs, which an API server that only limits the size of an object lets through.</summary>
public sealed class LargeThingsTests
{
    private const int Labels = 70_000;

    private readonly PolicyGraph _graph = new("node-1");

    public LargeThingsTests()
    {
        Apply(
            Make.Namespace("red"), Make.Tier("default", 1e6), Make.Pod("red", "server", "", "app=server"),
            Make.Policy("red", "p", new() { Selector = "app == 'server'", Types = ["Ingress"], Ingress = [Make.Allow(new() { Selector = "label-69999 == 'x' && pcns.env == 'prod'" })] }));
        _graph.SetLocalEndpoint(Make.Local("red", "server", "10.0.0.1"));
        _graph.MarkInSync();
        _graph.Drain();
    }

    private void Apply(params Resource[] resources)
    {
        foreach (var resource in resources) _graph.Apply(Make.Update(resource));
    }

    private static Pod Client(string name, string address)
    {
        var pod = Make.Pod("red", name, address, "app=client");
        for (int i = 0; i < Labels; i++) pod.Metadata.Labels![$"label-{i}"] = "x";
        return pod;
    }

    [Fact]
    public void A_pod_may_have_more_labels_than_sixteen_bits_can_count()
    {
        Apply(Client("client", "10.0.9.1"), Client("twin", "10.0.9.2"));
        Assert.Empty(_graph.Drain());

        Apply(Make.Namespace("red", "env=prod"));
        Assert.Equal(["10.0.9.1/32", "10.0.9.2/32"], Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain())).Added.Select(m => m.ToString()));

        // What is known of a pod elsewhere is read back when it is wired here.
        _graph.SetLocalEndpoint(Make.Local("red", "client", "10.0.9.1"));
        Assert.Equal(["WorkloadEndpointUpdate"], _graph.Drain().Select(u => u.GetType().Name));

        Apply(Make.Pod("red", "twin", "10.0.9.2", "app=client"));
        Assert.Equal(["10.0.9.2/32"], Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain())).Removed.Select(m => m.ToString()));
    }

    [Fact]
    public void A_namespace_may_have_as_many()
    {
        var red = Make.Namespace("red", "env=prod");
        for (int i = 0; i < Labels; i++) red.Metadata.Labels![$"label-{i}"] = "x";
        Apply(red, Client("client", "10.0.9.1"));
        Assert.Equal(["10.0.9.1/32"], Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain())).Added.Select(m => m.ToString()));
    }

    [Fact]
    public void A_pod_may_have_a_name_longer_than_any_buffer()
    {
        var pod = Make.Pod("red", new string('n', 30_000), "10.0.9.1", "label-69999=x");
        Apply(Make.Namespace("red", "env=prod"), pod);
        Assert.Equal(["10.0.9.1/32"], Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain())).Added.Select(m => m.ToString()));
        _graph.Apply(new ResourceUpdate(pod.Key, null));
        Assert.Equal(["10.0.9.1/32"], Assert.IsType<IpSetDelta>(Assert.Single(_graph.Drain())).Removed.Select(m => m.ToString()));
    }
}
