using System.Globalization;
using System.Text.Json;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Evaluation.Hot;
using Xunit;

namespace Margay.Policy.Tests.Twin;

/// <summary>
/// Random questions about random clusters: graph and evaluator say what the twin says, by the same rule. The number of questions
/// is in MARGAY_TWIN_QUESTIONS, the first seed in MARGAY_TWIN_SEED; a failure names the seed of its cluster.
/// </summary>
public sealed class TwinProperties
{
    private const int PerWorld = 250;

    internal static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : otherwise;

    [Fact]
    public void Every_answer_and_its_reason_are_those_of_the_twin()
    {
        int questions = Setting("MARGAY_TWIN_QUESTIONS", 40_000);
        int seed = Setting("MARGAY_TWIN_SEED", 1);
        int allowed = 0;
        int asked = 0;
        var deciders = new Dictionary<string, int>();
        var wrong = new List<string>();
        for (; asked < questions && wrong.Count < 5; seed++)
        {
            var world = new TwinWorld(seed);
            var ours = Apply(world.Resources);
            Assert.Empty(ours.Problems);
            var evaluator = new Evaluator(ours.State);
            var decider = new FlowDecider();
            decider.Apply(ours.State.Snapshot());
            var twin = new PolicyTwin(world.Resources, TwinWorld.Now);
            for (int i = 0; i < PerWorld; i++)
            {
                var (pod, ingress, packet) = world.Question();
                if (twin.Ask(pod.Metadata.Namespace!, pod.Metadata.Name!, ingress, packet) is not { } expected) continue;
                asked++;
                var answer = Ask(evaluator, pod, ingress, packet);
                var fast = decider.Decide(IdOf(pod), DirectionOf(ingress), PacketOf(packet));
                Assert.True(answer with { Rejected = false } == new TwinAnswer(fast.Allowed, fast.Decider?.ToString()), $"seed {seed}: {pod.Metadata.Name} {packet}: {answer}, the fast one {fast}");
                if (expected.Allowed) allowed++;
                string kind = expected.Decider!.Split(':')[0] + (expected.Decider.EndsWith("-1", StringComparison.Ordinal) ? " end" : "");
                deciders[kind] = deciders.GetValueOrDefault(kind) + 1;
                if (answer == expected) continue;
                wrong.Add(Describe(seed, world, pod, ingress, packet));
                break;
            }
        }
        foreach (var (kind, count) in deciders.OrderByDescending(d => d.Value)) TestContext.Current.TestOutputHelper?.WriteLine($"{count,9} {kind}");
        Assert.True(wrong.Count == 0, $"after {asked} questions:\n{string.Join("\n\n", wrong)}");
        // Questions that all end alike would show nothing.
        Assert.InRange(allowed, asked / 10, asked * 9 / 10);
    }

    private static ClusterPolicy Apply(IEnumerable<Resource> resources)
    {
        var ours = new ClusterPolicy();
        ours.SetTime(TwinWorld.Now);
        ours.Apply(resources);
        return ours;
    }

    private static TwinAnswer Ask(Evaluator evaluator, Pod pod, bool ingress, TwinPacket packet)
    {
        var verdict = evaluator.Evaluate(IdOf(pod), DirectionOf(ingress), PacketOf(packet));
        return new TwinAnswer(verdict.Allowed, verdict.Decider?.ToString(), verdict.Rejected);
    }

    private static EndpointId IdOf(Pod pod) => new(pod.Metadata.Namespace!, pod.Metadata.Name!, "eth0");

    private static PolicyDirection DirectionOf(bool ingress) => ingress ? PolicyDirection.Ingress : PolicyDirection.Egress;

    internal static Packet PacketOf(TwinPacket packet) => new(packet.Source, packet.Destination, (byte)packet.Protocol)
    {
        SourcePort = (ushort)packet.SourcePort,
        DestinationPort = (ushort)packet.DestinationPort,
        IcmpType = (byte)packet.IcmpType,
        IcmpCode = (byte)packet.IcmpCode,
    };

    /// <summary>
    /// The disagreement, with as few resources as still give the same two answers. Tiers stay: the twin knows none that is not
    /// written down, so without them the two would disagree about something else.
    /// </summary>
    private static string Describe(int seed, TwinWorld world, Pod pod, bool ingress, TwinPacket packet)
    {
        var few = new List<Resource>(world.Resources);
        var (expected, answer) = Disagree(few, pod, ingress, packet)!.Value;
        for (int i = few.Count - 1; i >= 0; i--)
        {
            if (few[i] is Tier) continue;
            var fewer = few.FindAll(r => !ReferenceEquals(r, few[i]));
            if (Disagree(fewer, pod, ingress, packet) == (expected, answer)) few = fewer;
        }
        var lines = few.Select(r => JsonSerializer.Serialize(r, r.GetType(), ModelJson.Default));
        return $"seed {seed}: {(ingress ? "ingress" : "egress")} of {pod.Metadata.Namespace}/{pod.Metadata.Name}, {packet}\n"
            + $"  the twin says {expected}, we say {answer}\n  {string.Join("\n  ", lines)}";
    }

    private static (TwinAnswer Expected, TwinAnswer Answer)? Disagree(List<Resource> resources, Pod pod, bool ingress, TwinPacket packet)
    {
        if (new PolicyTwin(resources, TwinWorld.Now).Ask(pod.Metadata.Namespace!, pod.Metadata.Name!, ingress, packet) is not { } expected) return null;
        var answer = Ask(new Evaluator(Apply(resources).State), pod, ingress, packet);
        return answer == expected ? null : (expected, answer);
    }
}
