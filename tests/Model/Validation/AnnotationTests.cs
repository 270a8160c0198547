using Xunit;

namespace Margay.Model.Tests.Validation;

public sealed class AnnotationTests
{
    [Theory]
    [InlineData("qos.projectcalico.org/ingressBandwidth: 10M, qos.projectcalico.org/ingressBurst: 32Mi")]
    [InlineData("kubernetes.io/egress-bandwidth: 10M, qos.projectcalico.org/egressPeakrate: 20M, qos.projectcalico.org/egressMinburst: '1500'")]
    [InlineData("qos.projectcalico.org/ingressPacketRate: '100', qos.projectcalico.org/ingressPacketBurst: 1k, qos.projectcalico.org/egressMaxConnections: '4294967295'")]
    [InlineData("qos.projectcalico.org/dscp: '46'")]
    [InlineData("qos.projectcalico.org/ingressBandwidth: '999'", "ingressBandwidth Invalid")]
    [InlineData("qos.projectcalico.org/ingressBandwidth: 1.1P", "ingressBandwidth Invalid")]
    [InlineData("qos.projectcalico.org/ingressBandwidth: fast", "ingressBandwidth Invalid")]
    [InlineData("qos.projectcalico.org/ingressBurst: 1M", "ingressBandwidth Required")]
    [InlineData("qos.projectcalico.org/egressMinburst: 1M", "egressPeakrate Required")]
    [InlineData("qos.projectcalico.org/egressPacketBurst: '5'", "egressPacketRate Required")]
    [InlineData("qos.projectcalico.org/egressBandwidth: 2M, qos.projectcalico.org/egressPeakrate: 2M", "egressPeakrate Invalid")]
    [InlineData("qos.projectcalico.org/dscp: AF14", "dscp Invalid")]
    public void Limits_of_traffic_are_amounts_in_range(string annotations, params string[] mistakes) =>
        Expect("Pod", annotations, mistakes.Select(mistake => "qos.projectcalico.org/" + mistake));

    [Theory]
    [InlineData("""cni.projectcalico.org/ipv4pools: '["pool-a","10.0.0.0/16"]', cni.projectcalico.org/ipv6pools: '["fd00::/64"]'""")]
    [InlineData("""cni.projectcalico.org/ipAddrs: '["10.0.0.1","fd00::1"]', cni.projectcalico.org/hwAddr: '66:3d:1a:02:5e:0f'""")]
    [InlineData("""cni.projectcalico.org/allowedSourcePrefixes: '["10.0.0.0/24"]', cni.projectcalico.org/floatingIPs: '["192.0.2.1"]'""")]
    [InlineData("cni.projectcalico.org/ipv4pools: pool-a", "ipv4pools Invalid")]
    [InlineData("""cni.projectcalico.org/ipv4pools: '["fd00::/64"]'""", "ipv4pools Invalid")]
    [InlineData("""cni.projectcalico.org/ipAddrs: '["10.0.0.1","10.0.0.2"]'""", "ipAddrs Invalid")]
    [InlineData("""cni.projectcalico.org/ipAddrs: '["10.0.0.1"]', cni.projectcalico.org/ipAddrsNoIpam: '["10.0.0.1"]'""", "ipAddrsNoIpam Forbidden")]
    [InlineData("""cni.projectcalico.org/allowedSourcePrefixes: '["10.0.0.1"]'""", "allowedSourcePrefixes Invalid")]
    [InlineData("cni.projectcalico.org/hwAddr: nonsense", "hwAddr Invalid")]
    [InlineData("cni.projectcalico.org/ipAddrs: '[1]'", "ipAddrs Invalid")]
    public void Pools_and_addresses_are_asked_for_in_lists(string annotations, params string[] mistakes) =>
        Expect("Pod", annotations, mistakes.Select(mistake => "cni.projectcalico.org/" + mistake));

    [Fact]
    public void Namespaces_and_services_ask_too()
    {
        Expect("Namespace", "cni.projectcalico.org/ipv4pools: '{}'", ["cni.projectcalico.org/ipv4pools Invalid"]);
        Expect("Service", "projectcalico.org/loadBalancerIPs: '[\"x\"]'", ["projectcalico.org/loadBalancerIPs Invalid"]);
    }

    private static void Expect(string kind, string annotations, IEnumerable<string> mistakes) => Judge.ExpectOf(
        "v1", kind, $"{{metadata: {{annotations: {{{annotations}}}}}}}",
        mistakes.Select(mistake => $"metadata.annotations[{mistake.Split(' ')[0]}] {mistake.Split(' ')[1]}"));
}
