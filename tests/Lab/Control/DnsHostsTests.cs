using Margay.Lab.Control;
using Margay.Model.Resources;

namespace Margay.Lab.Tests.Control;

public sealed class DnsHostsTests
{
    [Fact]
    public void A_service_has_the_addresses_of_its_ready_pods_of_both_families()
    {
        var service = Make.Service("web", new ServicePort { Port = 80 });

        string text = DnsHosts.Render([service], [Make.Pod("web-1", "n1", true, "10.0.0.1", "fd00::1"), Make.Pod("web-2", "n1", false, "10.0.0.2")]);

        Assert.Equal("10.0.0.1 web.shop.svc.cluster.local\nfd00::1 web.shop.svc.cluster.local\n", text);
    }

    [Fact]
    public void A_pod_searches_its_own_namespace_first() =>
        Assert.Equal(
            "nameserver 10.0.0.9\nsearch shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5 timeout:1 attempts:3\n",
            DnsHosts.ResolvConf(["10.0.0.9"], "shop"));
}
