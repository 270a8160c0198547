using Margay.Foundation.Primitives;
using Margay.Model.Resources;
using Margay.Policy.Evaluation;
using Margay.Policy.Tests.Twin;
using Xunit;

namespace Margay.Policy.Tests.Examples;

/// <summary>
/// Examples of the Kubernetes and Calico documentation that state an outcome, each with its page, asked of our evaluator and of
/// the twin. Names and words are ours.
/// </summary>
public sealed class DocumentationTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Examples");

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string file in Directory.GetFiles(Folder, "*.yaml").Order(StringComparer.Ordinal))
                foreach (var example in Example.ReadAll(file)) cases.Add(Path.GetFileName(file), example.Case);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_example_ends_as_its_page_says(string file, string name)
    {
        var example = Example.ReadAll(Path.Combine(Folder, file)).Single(e => e.Case == name);
        var ours = new ClusterPolicy();
        ours.Apply(example.Resources);
        Assert.Empty(ours.Problems);
        Assert.True(example.Expectations.Count + example.Passages.Count > 0);
        foreach (string line in example.Passages)
        {
            var (wanted, twinSays, weSay) = PassageExample.Ask(example, ours, line);
            Assert.True(wanted == weSay && wanted == twinSays, $"{example.Page}: {line}, but we say {weSay}, the twin {twinSays}");
        }
        foreach (var expected in example.Expectations)
        {
            var verdict = ours.Evaluate(End(expected.Source), End(expected.Destination), (byte)expected.Protocol, (ushort)expected.Port, Family(expected));
            Assert.True(expected.Allowed == verdict.Allowed, $"{example.Page}: {expected.Text}, but {verdict.Outcome} by {verdict.Decisive?.Decider}");
            if (expected.Decider is not null) Assert.Equal(expected.Decider, verdict.Decisive?.Decider.ToString());
            var twin = AskTwin(example, expected);
            Assert.True(expected.Allowed == twin.Allowed, $"{example.Page}: {expected.Text}, but the twin by {twin.Decider}");
            if (expected.Decider is not null) Assert.Equal(expected.Decider, twin.Decider);
        }
    }

    [Fact]
    public void There_are_examples_of_sixty_statements_at_least() => Assert.InRange(Cases.Count, 60, int.MaxValue);

    private static FlowEnd End(string text) =>
        IpAddr.TryParse(text, out var address) ? FlowEnd.At(address) : FlowEnd.Pod(text.Split('/')[0], text.Split('/')[1]);

    /// <summary>The source's egress, then the destination's ingress, in the first family that both have.</summary>
    private static TwinAnswer AskTwin(Example example, Expectation expected)
    {
        if (expected.Source == expected.Destination) return new TwinAnswer(true, null);
        var (source, destination) = Pair(example.AddressesOf(expected.Source), example.AddressesOf(expected.Destination), Family(expected));
        var packet = new TwinPacket(source, destination, expected.Protocol, 49152, expected.Port, expected.Port >> 8, expected.Port & 0xff);
        var twin = new PolicyTwin(example.Resources);
        var answer = new TwinAnswer(true, null);
        if (example.Pod(expected.Source) is { } from) answer = Ask(twin, from, false, packet);
        if (answer.Allowed && example.Pod(expected.Destination) is { } to) answer = Ask(twin, to, true, packet);
        return answer;
    }

    private static TwinAnswer Ask(PolicyTwin twin, Pod pod, bool ingress, TwinPacket packet) =>
        twin.Ask(pod.Metadata.Namespace!, pod.Metadata.Name!, ingress, packet)!.Value;

    /// <summary>ICMPv6 needs IPv6; else the first family that both ends have.</summary>
    private static IpFamily Family(Expectation expected) => expected.Protocol == 58 ? IpFamily.V6 : IpFamily.None;

    private static (IpAddr Source, IpAddr Destination) Pair(List<IpAddr> sources, List<IpAddr> destinations, IpFamily family)
    {
        foreach (var source in sources)
            foreach (var destination in destinations)
                if (source.Family == destination.Family && family is IpFamily.None || source.Family == family && destination.Family == family) return (source, destination);
        throw new FormatException("no family in common");
    }
}
