using System.Text.Json;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Policy.Tests.Twin;

/// <summary>Random packets through random hosts with host endpoints: the host evaluator says what the twin says.</summary>
public sealed class HostTwinProperties
{
    private static readonly List<IpAddr> _eth0 = [IpAddr.Parse("192.0.2.3"), IpAddr.Parse("2001:db8::1")];
    private static readonly List<IpAddr> _eth1 = [IpAddr.Parse("198.51.100.1")];

    [Fact]
    public void Every_passage_ends_as_the_twin_says()
    {
        int questions = TwinProperties.Setting("MARGAY_TWIN_PASSAGES", 20_000);
        var outcomes = new Dictionary<string, int>();
        int seed = TwinProperties.Setting("MARGAY_TWIN_SEED", 1);
        for (int asked = 0; asked < questions; seed++)
        {
            var world = new TwinWorld(seed);
            var dice = new TwinDice(seed + 1);
            AddHosts(world, dice);
            var ours = new ClusterPolicy();
            ours.SetTime(TwinWorld.Now);
            ours.Apply(world.Resources);
            Assert.Empty(ours.Problems);
            for (int i = 0; i < 80; i++, asked++)
            {
                var (from, to) = (End(world, dice), End(world, dice));
                var (_, _, original) = world.Question();
                var translated = dice.OnceIn(3) ? original with { Destination = Other(original, dice), DestinationPort = original.HasPorts ? 8080 : 0 } : original;
                var expected = new HostTwin(world.Resources, "n1", from, to, original, translated).Ask();
                var verdict = ours.Evaluate("n1", new HostPassage(Ours(from), Ours(to), TwinProperties.PacketOf(original)) { Translated = TwinProperties.PacketOf(translated) });
                var answer = new TwinPassage(verdict.Outcome.ToString(), verdict.Decisive?.Verdict.Decider?.ToString(), verdict.IsTracked);
                outcomes[expected.Outcome] = outcomes.GetValueOrDefault(expected.Outcome) + 1;
                if (answer != expected)
                {
                    var lines = world.Resources.Where(r => r is HostEndpoint or GlobalNetworkPolicy or FelixConfiguration or Tier).Select(r => JsonSerializer.Serialize(r, r.GetType(), ModelJson.Default));
                    Assert.Fail($"seed {seed}: {from} to {to}, {original} then {translated}: the twin {expected}, we {answer} ({string.Join(", ", verdict.Hooks.Select(h => $"{h.Hook} {h.Verdict.Reason}"))})\n{string.Join('\n', lines)}");
                }
            }
        }
        foreach (var (outcome, count) in outcomes) TestContext.Current.TestOutputHelper?.WriteLine($"{count,9} {outcome}");
        Assert.Equal(3, outcomes.Count);
    }

    private static void AddHosts(TwinWorld world, TwinDice dice)
    {
        world.Resources.RemoveAll(r => r is HostEndpoint);
        for (int i = 0; i < 3; i++)
        {
            world.Resources.Add(Make.Host(
                $"hep{i}", dice.Pick("n1", "n1", "n2"), dice.Pick("eth0", "eth1", "*", "*", null), dice.Pick("192.0.2.3", "198.51.100.1,2001:db8::1", "10.9.9.9"),
                dice.Pick("host=edge", "app=a", "role=net", ""), dice.Pick("", "shared", "kns.red", "kns.red,shared")));
        }
        if (dice.OnceIn(2))
        {
            world.Resources.Add(Make.Named(new FelixConfiguration
            {
                Spec = new()
                {
                    DefaultEndpointToHostAction = dice.Maybe(70, "Accept", "Return", "Drop"),
                    FailsafeInboundHostPorts = dice.Next(3) switch { 0 => [], 1 => [new() { Protocol = "tcp", Port = 80 }, new() { Protocol = "udp", Port = 53, Net = "10.0.0.0/8" }], _ => null },
                    FailsafeOutboundHostPorts = dice.Next(3) switch { 0 => [], 1 => [new() { Protocol = "tcp", Port = 8080, Net = "192.0.2.0/24" }], _ => null },
                },
            }, "", "default"));
        }
        foreach (var policy in world.Resources.OfType<GlobalNetworkPolicy>())
        {
            // More of them mean hosts than in a cluster of pods.
            if (dice.OnceIn(2)) (policy.Spec.NamespaceSelector, policy.Spec.ServiceAccountSelector) = (null, null);
            if (dice.OnceIn(3)) policy.Spec.Selector = dice.Pick("host == 'edge'", "has(host)", "!has(projectcalico.org/namespace)");
            switch (dice.Next(6))
            {
                case 0: (policy.Spec.DoNotTrack, policy.Spec.PreDNAT, policy.Spec.ApplyOnForward) = (true, null, true); break;
                case 1: (policy.Spec.DoNotTrack, policy.Spec.PreDNAT, policy.Spec.ApplyOnForward, policy.Spec.Egress, policy.Spec.Types) = (null, true, true, null, null); break;
                case 2: policy.Spec.ApplyOnForward = true; break;
            }
        }
    }

    private static TwinEnd End(TwinWorld world, TwinDice dice)
    {
        var pod = dice.Pick<Pod>(world.Pods.ToArray());
        return dice.Next(5) switch
        {
            0 => new TwinEnd(),
            1 when TwinParty.From(world.Resources, pod) is not null => new TwinEnd(Pod: pod),
            2 => new TwinEnd(Interface: "eth1", Addresses: _eth1),
            _ => new TwinEnd(Interface: "eth0", Addresses: _eth0),
        };
    }

    private static PassageEnd Ours(TwinEnd end) => end switch
    {
        { Pod: { } pod } => new PassageEnd.Workload(new EndpointId(pod.Metadata.Namespace!, pod.Metadata.Name!, "eth0")),
        { Interface: { } name } => new PassageEnd.Beyond(new HostInterface(name, [.. end.Addresses!])),
        _ => new PassageEnd.Host(),
    };

    private static IpAddr Other(TwinPacket packet, TwinDice dice) =>
        IpAddr.Parse(packet.IsV6 ? dice.Pick("fd00::1", "fd00::2") : dice.Pick("10.0.0.1", "10.0.0.2", "192.0.2.3"));
}
