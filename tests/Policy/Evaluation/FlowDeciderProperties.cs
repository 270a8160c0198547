using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Policy.Evaluation;
using Margay.Policy.Evaluation.Hot;
using Margay.Policy.Graph;
using Margay.Policy.Tests.Graph;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>The fast evaluator against the plain one, which is the definition.</summary>
public sealed class FlowDeciderProperties
{
    private static readonly IpAddr[] Addresses =
        [.. new[] { "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.7", "10.0.0.9", "192.0.2.5", "172.16.0.1", "fd00::3", "fd00::4", "fd00::7", "2001:db8::1" }.Select(IpAddr.Parse)];

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static readonly Gen<Packet> Packets = Gen.Select(
        Gen.Int[0, Addresses.Length - 1], Gen.Int[0, Addresses.Length - 1], One<byte>(6, 17, 1, 58, 132, 50),
        One<ushort>(80, 53, 8080, 79, 40000, 0), One<ushort>(80, 53, 8080, 443, 90, 0), One<byte>(8, 0, 128))
        .Where((from, to, _, _, _, _) => Addresses[from].Family == Addresses[to].Family)
        .Select((from, to, protocol, sourcePort, port, type) => new Packet(Addresses[from], Addresses[to], protocol)
        {
            SourcePort = sourcePort, DestinationPort = port, IcmpType = type,
        });

    private static Gen<Action<PolicyGraph>> Step(int index) => index < Universe.Objects.Length
        ? Gen.Select(Universe.Objects[index], Gen.Int[0, 5]).Select((resource, gone) =>
        {
            var update = gone == 0 ? Make.Gone(resource) : Make.Update(resource);
            return (Action<PolicyGraph>)(g => g.Apply(update));
        })
        : Gen.Select(Universe.Locals[index - Universe.Objects.Length], Gen.Int[0, 5]).Select((local, gone) =>
            (Action<PolicyGraph>)(gone == 0 ? g => g.RemoveLocalEndpoint(local.Namespace, local.Name) : g => g.SetLocalEndpoint(local)));

    [Fact]
    public void Decides_what_the_evaluator_decides_whatever_happens_in_between() => Gen.Select(
        Gen.Int[0, Universe.Objects.Length + Universe.Locals.Length - 1].SelectMany(Step).List[20, 120], Packets.List[1, 12], Gen.Int[1, 30]).Sample((steps, packets, pause) =>
    {
        var graph = new PolicyGraph("n1");
        var state = new CompiledState();
        var evaluator = new Evaluator(state);
        var decider = new FlowDecider();
        graph.MarkInSync();
        for (int i = 0; i < steps.Count; i++)
        {
            steps[i](graph);
            if (i % pause != 0 && i != steps.Count - 1) continue;
            var records = graph.Drain();
            state.Apply(records);
            decider.Apply(records);
            foreach (var endpoint in state.Endpoints.Keys.Append(new EndpointId("no", "such", "eth0")))
            {
                foreach (var packet in packets)
                {
                    foreach (var direction in (PolicyDirection[])[PolicyDirection.Ingress, PolicyDirection.Egress])
                    {
                        var expected = evaluator.Evaluate(endpoint, direction, packet);
                        Assert.Equal(new FlowDecision(expected.Allowed, expected.Reason, expected.Decider), decider.Decide(endpoint, direction, packet));
                    }
                }
            }
        }
    }, iter: 400);

    [Fact]
    public void Allocates_nothing_once_it_has_been_asked()
    {
        var graph = new PolicyGraph("n1");
        graph.Apply(Make.Update(Make.Pod("red", "p1", "10.0.0.1", "app=a")));
        graph.Apply(Make.Update(Make.Pod("red", "p2", "10.0.0.2", "app=b")));
        graph.Apply(Make.Update(Make.Policy("red", "np", new() { Selector = "app == 'a'", Ingress = [Make.Allow(new() { Selector = "app == 'b'" })] })));
        graph.SetLocalEndpoint(Make.Local("red", "p1", "10.0.0.1"));
        graph.MarkInSync();
        var decider = new FlowDecider();
        decider.Apply(graph.Drain());
        var packet = new Packet(IpAddr.Parse("10.0.0.2"), IpAddr.Parse("10.0.0.1"), 6) { DestinationPort = 80 };
        var endpoint = new EndpointId("red", "p1", "eth0");
        Assert.True(decider.Decide(endpoint, PolicyDirection.Ingress, packet).Allowed);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) decider.Decide(endpoint, PolicyDirection.Ingress, packet);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("GET", true)]
    [InlineData("PUT", false)]
    public void A_rule_about_requests_does_not_open_the_connection_to_all_of_them(string? method, bool allowed)
    {
        var endpoint = new EndpointId("red", "p1", "eth0");
        var policy = new PolicyId(PolicyKind.GlobalNetworkPolicy, "", "http");
        DataplaneUpdate[] records =
        [
            new PolicyUpdate(policy, "default", [new PolicyRule
            {
                Id = new RuleId("default", policy, PolicyDirection.Ingress, 0), Action = RuleAction.Allow, Http = new HttpRequests(["GET"], []),
            }], []),
            new WorkloadEndpointUpdate
            {
                Id = endpoint, HostInterface = "cali", Addresses = [], IngressTiers = [new TierBinding("default", TierDefaultAction.Deny, [policy])],
            },
        ];
        var packet = new Packet(Addresses[0], Addresses[1], 6) { DestinationPort = 80, Http = method is null ? null : new HttpRequest(method, "/") };
        var decider = new FlowDecider();
        decider.Apply(records);
        var state = new CompiledState();
        state.Apply(records);
        Assert.Equal(allowed, decider.Decide(endpoint, PolicyDirection.Ingress, packet).Allowed);
        Assert.Equal(allowed, new Evaluator(state).Evaluate(endpoint, PolicyDirection.Ingress, packet).Allowed);
    }
}
