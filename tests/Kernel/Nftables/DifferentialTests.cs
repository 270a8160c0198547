using System.Collections.Immutable;
using Margay.Dataplane.Contract;
using Margay.Dataplane.Nftables;
using Margay.Foundation.Primitives;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Nftables;
using Margay.Policy.Evaluation;
using Xunit;

namespace Margay.Kernel.Tests.Nftables;

/// <summary>The kernel, programmed by the driver, against the evaluator: random policies, real packets, equal verdicts.</summary>
public sealed class DifferentialTests
{
    private const int Worlds = 20;
    private const int ProbesPerWorld = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_policies_get_the_verdicts_of_the_evaluator(int seed)
    {
        var stop = TestContext.Current.CancellationToken;
        using var lab = new PodLab("a", "b", "c");
        using var nft = KernelNftables.OpenIn(lab.Node.Namespace.Path);
        using var dataplane = new NftablesDataplane(nft);
        var world = new RandomWorld(new Random(seed), lab);
        int allowed = 0;
        // One driver goes from world to world, so that edits and removals are compared as well as first contents.
        for (int round = 0; round < Worlds; round++)
        {
            var state = new CompiledState();
            var updates = world.Next();
            state.Apply(world.Records);
            var probes = world.Probes(ProbesPerWorld).Select(probe => probe with { Allowed = Allows(state, lab, probe) }).ToImmutableArray();

            allowed += probes.Count(static probe => probe.Allowed);
            var wrong = await new Scenario($"{seed}/{round}", updates, probes).RunAsync(dataplane, lab, stop);

            Assert.True(wrong.Count == 0, $"seed {seed} round {round}:\n{string.Join('\n', wrong)}\n{string.Join('\n', world.Records)}\n{lab.Node.Namespace.Exec("nft", "list", "ruleset")}");
        }
        // Worlds that allow nothing, or everything, would compare nothing.
        Assert.InRange(allowed, Worlds * ProbesPerWorld / 10, Worlds * ProbesPerWorld * 9 / 10);
    }

    private static bool Allows(CompiledState state, PodLab lab, Probe probe)
    {
        var packet = new Packet(lab[probe.From].Address(probe.Family), lab[probe.To].Address(probe.Family), probe.Kind switch
        {
            ProbeKind.Tcp => 6,
            ProbeKind.Udp => 17,
            _ => probe.Family == IpFamily.V4 ? (byte)1 : (byte)58,
        })
        {
            SourcePort = probe.SourcePort,
            DestinationPort = probe.Port,
            IcmpType = probe.Family == IpFamily.V4 ? (byte)8 : (byte)128,
        };
        var evaluator = new Evaluator(state);
        return (probe.From == "outside" || evaluator.Evaluate(new EndpointId("test", probe.From, "eth0"), PolicyDirection.Egress, packet).Allowed)
            && (probe.To == "outside" || evaluator.Evaluate(new EndpointId("test", probe.To, "eth0"), PolicyDirection.Ingress, packet).Allowed);
    }
}
