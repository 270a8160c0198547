using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Graph;
using Xunit;

namespace Margay.Policy.Tests.Graph;

/// <summary>Policies that wait for use take little room, and nothing of them is lost.</summary>
public sealed class PackedPolicyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void A_policy_that_waited_for_its_pod_comes_into_use_as_it_was(int unpacked)
    {
        var graph = new PolicyGraph("n1", unpacked);
        var policy = new GlobalNetworkPolicy
        {
            Metadata = new() { Name = "p" },
            Spec = new()
            {
                Selector = "app == 'a'", Types = ["Ingress"], Order = 7,
                Ingress =
                [
                    new Rule { Action = "Deny", Protocol = Protocol.Tcp, Source = new() { Selector = "team != 'it\u00fc'" }, Destination = new() { Ports = [PolicyPort.Single(80), PolicyPort.Range(90, 99)] } },
                    new Rule { Action = "Allow", NotProtocol = Protocol.Udp, Source = new() { Nets = ["10.0.0.0/8"], NotNets = ["10.1.0.0/16"] } },
                ],
            },
        };
        graph.Apply(new ResourceUpdate(policy.Key, policy));
        graph.MarkInSync();
        Assert.Empty(graph.Drain().OfType<PolicyUpdate>());

        graph.SetWorkload("default", "pod", [new("app", "a")], [Margay.Foundation.Primitives.IpAddr.Parse("10.9.0.1")]);
        graph.SetLocalEndpoint(new LocalEndpoint("default", "pod", "cali0", [Margay.Foundation.Primitives.IpAddr.Parse("10.9.0.1")]));
        var told = Assert.Single(graph.Drain().OfType<PolicyUpdate>());
        Assert.Equal([RuleAction.Deny, RuleAction.Allow], told.Ingress.Select(r => r.Action));
        Assert.Equal([new PortRange(80, 80), new PortRange(90, 99)], told.Ingress[0].Destination.Ports);
        Assert.Equal(17, told.Ingress[1].NotProtocol!.Value);
        Assert.Equal("10.1.0.0/16", Assert.Single(told.Ingress[1].Source.NotNets).ToString());
        Assert.Empty(graph.Problems);
    }
}
