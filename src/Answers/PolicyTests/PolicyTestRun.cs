using System.Collections.Immutable;
using Margay.Answers.Explain;
using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Answers.PolicyTests;

/// <summary>What came of one test.</summary>
/// <param name="Test">The test.</param>
/// <param name="Connections">How many connections it asked about.</param>
/// <param name="Failures">One text for each connection that went otherwise; empty when it passed.</param>
public sealed record PolicyTestResult(PolicyTest Test, int Connections, ImmutableArray<string> Failures)
{
    /// <summary>True when every connection went as expected.</summary>
    public bool Passed => Failures.IsEmpty;
}

/// <summary>What came of a file.</summary>
/// <param name="File">The file.</param>
/// <param name="Results">The results in the order of the file.</param>
/// <param name="Coverage">Which rules its tests had decide.</param>
public sealed record PolicyTestFileResult(PolicyTestFile File, ImmutableArray<PolicyTestResult> Results, RuleCoverage Coverage);

/// <summary>Runs tests in a world. Not for concurrent use; several runs in worlds of their own are.</summary>
public sealed class PolicyTestRun
{
    private readonly PolicyWorld _world;
    private readonly Explainer _explainer;
    private readonly RuleCoverage _coverage;

    private PolicyTestRun(PolicyWorld world)
    {
        _world = world;
        _explainer = new Explainer(world);
        _coverage = RuleCoverage.Of(world);
    }

    /// <summary>Runs the tests of a file.</summary>
    public static PolicyTestFileResult Run(PolicyTestFile file, PolicyWorld world, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(world);
        var run = new PolicyTestRun(world);
        var results = ImmutableArray.CreateBuilder<PolicyTestResult>(file.Tests.Length);
        foreach (var test in file.Tests)
        {
            stop.ThrowIfCancellationRequested();
            results.Add(run.Run(test, file.Namespace));
        }
        return new PolicyTestFileResult(file, results.ToImmutable(), run._coverage);
    }

    private PolicyTestResult Run(PolicyTest test, string ns)
    {
        var failures = ImmutableArray.CreateBuilder<string>();
        var sources = test.From.SelectMany(end => Names(end, port: null, failures)).Distinct().ToArray();
        var destinations = test.To.SelectMany(end => end.Ports.IsEmpty ? Names(end, null, failures) : end.Ports.SelectMany(port => Names(end, port, failures))).Distinct().ToArray();
        int asked = 0;
        foreach (string source in sources)
        {
            foreach (string destination in destinations)
            {
                try
                {
                    foreach (var answer in _explainer.Judge(FlowQuestion.Parse(source, destination, ns, _world.Objects)))
                    {
                        // With a selector on both sides a pod meets itself; it needs no policy for that.
                        if (IsItself(answer.Verdict) && (test.From.Any(f => f.Pods is not null) || test.To.Any(t => t.Pods is not null))) continue;
                        asked++;
                        _coverage.Note(answer.Verdict);
                        if (Wrong(test, answer) is { } wrong) failures.Add(wrong);
                    }
                }
                catch (AnswerException unanswered)
                {
                    failures.Add(unanswered.Message);
                }
            }
        }
        // A test of nothing would pass for ever, whatever becomes of the policy.
        if (asked == 0 && failures.Count == 0) failures.Add("asks about no connection: its selectors select no pod, or only one pod and itself");
        return new PolicyTestResult(test, asked, [.. failures.Distinct()]);
    }

    private IEnumerable<string> Names(TestEnd end, string? port, ImmutableArray<string>.Builder failures)
    {
        if (end.Pods is not { } selector) return [end.Name!];
        var pods = _world.Policy.Pods().Where(pod => selector.Evaluate(_world.Directory.LabelsOf(new EndpointId(pod.Namespace!, pod.PodName!, "eth0")))).ToArray();
        if (pods.Length == 0) failures.Add($"{selector} selects no pod");
        return pods.Select(pod => port is null ? $"{pod.Namespace}/{pod.PodName}" : $"{pod.Namespace}/{pod.PodName}:{port}");
    }

    private static bool IsItself(FlowVerdict verdict) => verdict is { Outcome: FlowOutcome.Allowed, Egress: null, Ingress: null } && verdict.Packet.Source == verdict.Packet.Destination;

    private string? Wrong(PolicyTest test, Explanation answer)
    {
        var verdict = answer.Verdict;
        string connection = $"{answer.Question.SourceText} -> {answer.Destination.Label}";
        if (verdict.Outcome is not (FlowOutcome.Allowed or FlowOutcome.Denied) || verdict.Allowed != test.Allowed) return Explained(answer);
        if (test.AtSource is { } atSource && atSource != verdict.Egress is { Allowed: false })
            return $"{connection} is denied at the {(atSource ? "destination" : "source")}, not at the {(atSource ? "source" : "destination")}, by {Decider(verdict)}";
        if (test.By is { } by && !Deciders(verdict).Contains(by, StringComparer.Ordinal)) return $"{connection} is {(test.Allowed ? "allowed" : "denied")}, but by {Decider(verdict)} and not by {by}";
        return null;
    }

    private string Explained(Explanation judged)
    {
        using var text = new StringWriter { NewLine = "\n" };
        foreach (var answer in _explainer.Explain(judged.Question).Where(answer => answer.Destination == judged.Destination)) ExplanationText.Write(text, answer);
        return text.ToString().TrimEnd();
    }

    private static string Decider(FlowVerdict verdict) => verdict.Decisive is { } side ? ExplanationText.Decider(side) : "no policy";

    /// <summary>Everything that a test may call what decided, on either side that was asked.</summary>
    private static IEnumerable<string> Deciders(FlowVerdict verdict)
    {
        foreach (var side in new[] { verdict.Egress, verdict.Ingress }.OfType<Verdict>().Where(side => side.Allowed == verdict.Allowed))
        {
            if (side.Decider is not { } rule) continue;
            if (side.Reason == VerdictReason.EndOfTier) yield return $"end of tier {rule.Tier}";
            yield return rule.ToString();
            yield return rule.Policy.ToString();
        }
    }
}
