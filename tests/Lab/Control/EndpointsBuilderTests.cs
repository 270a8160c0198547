using Margay.Lab.Control;
using Margay.Model.Resources;

namespace Margay.Lab.Tests.Control;

public sealed class EndpointsBuilderTests
{
    private static readonly Service Web = Make.Service("web", new ServicePort { Name = "http", Port = 80, TargetPort = "http" });

    [Fact]
    public void A_named_target_port_is_looked_up_in_each_pod()
    {
        var odd = Make.Pod("web-2", "n1", true, "10.0.0.2");
        odd.Spec.Containers![0].Ports![0].Number = 9090;
        var backends = ServicePorts.Backends(Web, [Make.Pod("web-1", "n1", true, "10.0.0.1"), odd]);

        var endpoints = EndpointsBuilder.Endpoints(Web, backends);

        Assert.Equal([8080, 9090], endpoints.Subsets!.Select(subset => subset.Ports![0].Port));
        Assert.Equal(["web-ipv4", "web-ipv4-1"], EndpointsBuilder.Slices(Web, backends).Select(slice => slice.Metadata.Name));
    }

    [Fact]
    public void A_pod_that_is_not_ready_is_listed_apart()
    {
        var backends = ServicePorts.Backends(Web, [Make.Pod("web-1", "n1", true, "10.0.0.1"), Make.Pod("web-2", "n2", false, "10.0.0.2")]);

        var subset = Assert.Single(EndpointsBuilder.Endpoints(Web, backends).Subsets!);
        Assert.Equal("10.0.0.1", Assert.Single(subset.Addresses!).Ip);
        Assert.Equal("10.0.0.2", Assert.Single(subset.NotReadyAddresses!).Ip);
        var slice = Assert.Single(EndpointsBuilder.Slices(Web, backends));
        Assert.Equal([true, false], slice.Endpoints.Select(endpoint => endpoint.Conditions!.Ready));
    }

    [Fact]
    public void Each_family_has_a_slice_and_slices_name_their_service_and_owner()
    {
        var backends = ServicePorts.Backends(Web, [Make.Pod("web-1", "n1", true, "10.0.0.1", "fd00::1")]);

        var slices = EndpointsBuilder.Slices(Web, backends).ToList();

        Assert.Equal(["IPv4", "IPv6"], slices.Select(slice => slice.AddressType));
        Assert.All(slices, slice => Assert.Equal("web", slice.Metadata.Labels![EndpointSlice.ServiceNameLabel]));
        Assert.All(slices, slice => Assert.Equal("u1", Assert.Single(slice.Metadata.OwnerReferences!).Uid));
    }

    [Fact]
    public void Pods_of_other_namespaces_or_without_an_address_or_over_do_not_count()
    {
        var elsewhere = Make.Pod("web-1", "n1", true, "10.0.0.1");
        elsewhere.Metadata.Namespace = "other";
        var over = Make.Pod("web-2", "n1", true, "10.0.0.2");
        over.Status!.Phase = "Failed";

        Assert.Empty(ServicePorts.Backends(Web, [elsewhere, over, Make.Pod("web-3")]));
    }
}
