using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Conntrack;
using Margay.Node.Connections;
using Xunit;

namespace Margay.Node.Tests.Connections;

public sealed class FlowJudgeTests
{
    private static readonly IpAddr _pod = IpAddr.Parse("10.0.0.1");
    private static readonly IpAddr _peer = IpAddr.Parse("10.0.0.2");
    private static readonly IpAddr _host = IpAddr.Parse("172.16.0.1");
    private static readonly PolicyId _policy = new(PolicyKind.NetworkPolicy, "shop", "p");

    [Fact]
    public void A_connection_that_a_rule_allows_is_allowed_and_one_that_none_allows_is_not()
    {
        var judge = Judge(8080);
        Assert.True(judge.Allows(Connection(_peer, _pod, 8080), Host));
        Assert.False(judge.Allows(Connection(_peer, _pod, 9090), Host));
    }

    [Fact]
    public void A_tightened_policy_changes_the_answer_and_a_loosened_one_changes_it_back()
    {
        var judge = Judge(8080);
        judge.Apply([Policy(9090)]);
        Assert.False(judge.Allows(Connection(_peer, _pod, 8080), Host));
        judge.Apply([Policy(8080)]);
        Assert.True(judge.Allows(Connection(_peer, _pod, 8080), Host));
    }

    [Fact]
    public void Connections_between_others_are_none_of_our_business() =>
        Assert.Null(Judge(8080).Allows(Connection(_peer, IpAddr.Parse("10.0.0.3"), 1), Host));

    [Fact]
    public void What_the_node_opens_to_its_pods_is_allowed_whatever_the_policy() =>
        Assert.True(Judge(8080).Allows(Connection(_host, _pod, 9090), Host));

    [Fact]
    public void The_translated_destination_is_judged_not_the_service_address()
    {
        var original = new ConntrackTuple(_peer, IpAddr.Parse("10.96.0.1"), 6, 40000, 80);
        var reply = new ConntrackTuple(_pod, _peer, 6, 8080, 40000);
        Assert.True(Judge(8080).Allows(new ConntrackEntry(original, reply, 0), Host));
        Assert.False(Judge(80).Allows(new ConntrackEntry(original, reply, 0), Host));
    }

    [Fact]
    public void An_endpoint_that_is_gone_is_judged_no_more()
    {
        var judge = Judge(8080);
        judge.Apply([new WorkloadEndpointRemove(new EndpointId("shop", "cart", "eth0"))]);
        Assert.Null(judge.Allows(Connection(_peer, _pod, 9090), Host));
    }

    private static HashSet<IpAddr> Host => [_host];

    private static FlowJudge Judge(ushort port)
    {
        var judge = new FlowJudge();
        judge.Apply(
        [
            Policy(port),
            new WorkloadEndpointUpdate
            {
                Id = new EndpointId("shop", "cart", "eth0"), HostInterface = "cali1", Addresses = [_pod],
                IngressTiers = [new TierBinding("default", TierDefaultAction.Deny, [_policy])],
            },
        ]);
        return judge;
    }

    private static PolicyUpdate Policy(ushort port) => new(
        _policy, "default",
        [
            new PolicyRule
            {
                Id = new RuleId("default", _policy, PolicyDirection.Ingress, 0), Action = RuleAction.Allow, Protocol = 6,
                Destination = new EntityMatch { Ports = [new PortRange(port, port)] },
            },
        ],
        []);

    private static ConntrackEntry Connection(IpAddr from, IpAddr to, ushort port) =>
        new(new ConntrackTuple(from, to, 6, 40000, port), new ConntrackTuple(to, from, 6, port, 40000), 0);
}
