using Margay.Model.Resources;
using Margay.Node.Cluster;
using Margay.Node.Engine;
using Xunit;

namespace Margay.Node.Tests.Cluster;

/// <summary>Policy only: pods that another plugin wires.</summary>
public sealed class ForeignPodsTests
{
    private readonly ForeignPods _pods = new("here", "eni");

    [Fact]
    public void A_pod_becomes_an_endpoint_when_it_has_an_address()
    {
        Assert.Empty(Translate(Pod()));
        var wired = Assert.IsType<EndpointWired>(Assert.Single(Translate(Pod("10.0.0.7"))));
        Assert.Equal(1, _pods.Count);
        Assert.Equal(("shop", "cart", "10.0.0.7"), (wired.Endpoint.Namespace, wired.Endpoint.Name, Assert.Single(wired.Endpoint.Addresses)));
    }

    [Fact]
    public void The_interface_has_the_other_plugins_prefix_and_the_usual_digits()
    {
        var wired = Assert.IsType<EndpointWired>(Assert.Single(Translate(Pod("10.0.0.7"))));
        Assert.StartsWith("eni", wired.Endpoint.HostInterface, StringComparison.Ordinal);
        Assert.Equal(Margay.Cni.Wiring.HostInterfaceName.ForPod("shop", "cart")[4..], wired.Endpoint.HostInterface[3..]);
    }

    [Fact]
    public void The_same_pod_again_says_nothing()
    {
        _ = Translate(Pod("10.0.0.7"));
        Assert.Empty(Translate(Pod("10.0.0.7")));
    }

    [Fact]
    public void A_pod_that_ended_or_went_is_an_endpoint_no_more()
    {
        _ = Translate(Pod("10.0.0.7"));
        var ended = Pod("10.0.0.7");
        ended.Status!.Phase = "Succeeded";
        Assert.IsType<EndpointUnwired>(Assert.Single(Translate(ended)));
        _ = Translate(Pod("10.0.0.7"));
        Assert.IsType<EndpointUnwired>(Assert.Single(Translate(null)));
        Assert.Empty(Translate(null));
    }

    [Fact]
    public void Pods_of_other_nodes_and_of_the_host_network_are_none()
    {
        var elsewhere = Pod("10.0.0.7");
        elsewhere.Spec.NodeName = "there";
        Assert.Empty(Translate(elsewhere));
        var host = Pod("10.0.0.7");
        host.Spec.HostNetwork = true;
        Assert.Empty(Translate(host));
    }

    private static Pod Pod(params string[] addresses) => new()
    {
        Metadata = { Namespace = "shop", Name = "cart", Uid = "u" },
        Spec = new() { NodeName = "here" },
        Status = new() { Phase = "Running", PodIPs = [.. addresses.Select(address => new PodIP { Ip = address })] },
    };

    private List<Message> Translate(Pod? pod) => [.. _pods.Translate([new ResourceUpdate(new ResourceKey("v1", "Pod", "shop", "cart"), pod)])];
}
