using Margay.Foundation.Primitives;
using Margay.Lab.Control;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;

namespace Margay.Lab.Tests.ScenarioTests;

/// <summary>The world and a scenario's resources, as the API server would hold them, in front of the evaluator.</summary>
internal sealed class EvaluatedWorld
{
    private readonly ClusterPolicy _policy = new();

    /// <summary>The world of the manifests, and a scenario in it.</summary>
    public EvaluatedWorld(Scenario scenario) => _policy.Apply([.. World(), .. scenario.Resources.Select(Scenario.Typed)]);

    /// <summary>The state of a cluster.</summary>
    public EvaluatedWorld(IEnumerable<Resource> state) => _policy.Apply(state);

    public IEnumerable<string> Problems => _policy.Problems.Select(problem => problem.ToString()!);

    public bool Allows(ScenarioProbe probe)
    {
        // The port of an ICMP probe is its type; the evaluator wants type and code in one number.
        ushort port = probe.Protocol == "icmp" ? (ushort)(probe.Port << 8) : probe.Port;
        var verdict = _policy.Evaluate(End(probe.From), End(probe.To), probe.Number, port, probe.Ipv6 ? IpFamily.V6 : IpFamily.V4);
        return verdict.Outcome is FlowOutcome.Allowed or FlowOutcome.Denied
            ? verdict.Allowed
            : throw new InvalidOperationException($"{probe}: {verdict.Outcome}");
    }

    private static FlowEnd End(ProbeEnd end) =>
        end.Address is { } address ? FlowEnd.At(IpAddr.Parse(address)) : FlowEnd.Pod(end.Namespace!, end.Pod!);

    // Pods get addresses, services get slices, tiers of the system exist: what the cluster adds to the manifests.
    private static List<Resource> World()
    {
        List<Resource> world = [.. Scenario.World().Select(Scenario.Typed)];
        int host = 1;
        foreach (var pod in world.OfType<Pod>())
        {
            pod.Status = new PodStatus
            {
                Phase = "Running",
                PodIP = $"10.244.0.{host}",
                PodIPs = [new PodIP { Ip = $"10.244.0.{host}" }, new PodIP { Ip = $"fd44::{host:x}" }],
                Conditions = [new PodCondition { Type = "Ready", Status = "True" }],
            };
            host++;
        }

        var pods = world.OfType<Pod>().ToList();
        var slices = world.OfType<Service>().SelectMany(service => EndpointsBuilder.Slices(service, ServicePorts.Backends(service, pods))).ToList();
        return
        [
            new Tier { Metadata = new ObjectMeta { Name = "default" }, Spec = new TierSpec { Order = 1_000_000, DefaultAction = "Deny" } },
            .. world, .. slices,
        ];
    }
}
