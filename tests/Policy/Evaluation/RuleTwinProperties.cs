using System.Text.Json;
using CsCheck;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Tests.Graph;
using Xunit;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>Random clusters: the verdicts of graph and evaluator are those of a twin that reads the objects.</summary>
public sealed class RuleTwinProperties
{
    private static readonly (byte Protocol, ushort Port)[] Probes = [(6, 80), (6, 8080), (17, 53), (1, 0), (58, 0), (47, 0)];

    /// <summary>Every object in some version, some of them missing; Kubernetes policies have a twin of their own.</summary>
    private static readonly Gen<List<Resource>> Clusters = Universe.Objects.Aggregate(
        Gen.Const(new List<Resource>()),
        (all, next) => Gen.Select(all, next, Gen.Int[0, 7]).Select((list, one, gone) => gone == 0 || one is KubeNetworkPolicy ? list : [.. list, one]));

    [Fact]
    public void Verdicts_are_those_of_a_twin_that_reads_the_objects() => Clusters.Sample(objects =>
    {
        var ours = new ClusterPolicy();
        ours.Apply(objects);
        // Mistakes have their own tests: whatever has one goes.
        for (var broken = Broken(ours, objects); broken.Count > 0; broken = Broken(ours, objects))
        {
            foreach (var resource in broken) ours.Apply(Make.Gone(resource));
            objects = [.. objects.Except(broken)];
        }
        var twin = new RuleTwin(objects);
        var evaluator = new Evaluator(ours.State);
        foreach (var pod in objects.OfType<Pod>())
        {
            var id = new EndpointId(pod.Metadata.Namespace!, pod.Metadata.Name!, "eth0");
            if (!ours.State.Endpoints.TryGetValue(id, out var endpoint)) continue;
            foreach (var own in endpoint.Addresses)
                foreach (string text in (string[])["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9", "192.0.2.3", "198.51.100.1", "fd00::3", "fd00::4", "2001:db8::1"])
                {
                    var other = IpAddr.Parse(text);
                    if (other.Family != own.Family) continue;
                    foreach (var (protocol, port) in Probes)
                    {
                        Compare(PolicyDirection.Ingress, Probe(other, own, protocol, port));
                        Compare(PolicyDirection.Egress, Probe(own, other, protocol, port));
                    }
                }

            void Compare(PolicyDirection direction, Packet packet)
            {
                bool expected = twin.Allows(pod, direction, packet);
                var verdict = evaluator.Evaluate(id, direction, packet);
                Assert.True(expected == verdict.Allowed, $"{id} {direction} {packet}: expected {expected}, but {verdict.Decider} says otherwise");
            }
        }
    }, iter: 1500, print: objects => string.Join('\n', objects.Select(o => JsonSerializer.Serialize(o, o.GetType(), ModelJson.Default))));

    private static Packet Probe(IpAddr source, IpAddr destination, byte protocol, ushort port) =>
        new(source, destination, protocol) { SourcePort = 80, DestinationPort = port, IcmpType = 8, IcmpCode = 0 };

    private static List<Resource> Broken(ClusterPolicy cluster, List<Resource> objects)
    {
        var names = cluster.Problems.Select(p => p.Policy).ToHashSet();
        return objects.FindAll(o => o switch
        {
            NetworkPolicy p => names.Contains(new PolicyId(PolicyKind.NetworkPolicy, p.Metadata.Namespace!, p.Metadata.Name!)),
            GlobalNetworkPolicy p => names.Contains(new PolicyId(PolicyKind.GlobalNetworkPolicy, "", p.Metadata.Name!)),
            Profile p => names.Contains(new PolicyId(PolicyKind.Profile, "", p.Metadata.Name!)),
            _ => false,
        });
    }
}
