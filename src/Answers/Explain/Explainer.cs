using Margay.Answers.Worlds;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;

namespace Margay.Answers.Explain;

/// <summary>Explains verdicts in a world. Not for concurrent use.</summary>
public sealed class Explainer
{
    private readonly PolicyWorld _world;
    private readonly StepExplainer _steps;
    private readonly Remedies _remedies;
    private readonly Causes _causes;
    private readonly HostSides _hosts;

    /// <summary>For questions about a world.</summary>
    public Explainer(PolicyWorld world)
    {
        ArgumentNullException.ThrowIfNull(world);
        _world = world;
        var owners = new AddressOwners(world.Objects);
        _steps = new StepExplainer(world, owners);
        _remedies = new Remedies(world, _steps);
        _causes = new Causes(world, owners);
        _hosts = new HostSides(world, owners);
    }

    /// <summary>The verdicts alone, one for each destination; a service without backends has one of an unknown end.</summary>
    public IReadOnlyList<Explanation> Judge(FlowQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (question.Destinations.Count == 0)
            return [new Explanation(question, new QuestionEnd(question.DestinationText, default, 0), new FlowVerdict(FlowOutcome.UnknownEnd, default, null, null))];
        return [.. question.Destinations.Select(end => Judge(question, end))];
    }

    /// <summary>Everything about a connection.</summary>
    public IReadOnlyList<Explanation> Explain(FlowQuestion question) => [.. Judge(question).Select(Explain)];

    private Explanation Judge(FlowQuestion question, QuestionEnd end)
    {
        var verdict = Ask(question, end);
        return new Explanation(question, end, verdict)
        {
            DecidedAt = verdict.Decisive is { Reason: VerdictReason.Rule, Decider: { } rule } ? PlaceOf(rule) : null,
        };
    }

    private Explanation Explain(Explanation judged)
    {
        if (judged.Question.Destinations.Count == 0) return judged with { Causes = [_causes.NoBackend(judged.Question.Service!)] };
        return judged with
        {
            Egress = _steps.Explain(judged.Verdict.Egress, judged.Verdict.Packet),
            Ingress = _steps.Explain(judged.Verdict.Ingress, judged.Verdict.Packet),
            Pending = _world.State.StagedPolicies.Count > 0 ? AskStaged(judged.Question, judged.Destination) : null,
            Remedies = _remedies.For(judged.Verdict, () => Ask(judged.Question, judged.Destination)),
            Causes = [.. _causes.For(judged.Question, judged.Destination), .. _hosts.Remarks(judged.Verdict)],
        };
    }

    private RulePlace? PlaceOf(RuleId rule) =>
        _world.Places.Find(rule.Policy)?.Place is { File: { } file } place ? new RulePlace(file, place.LineOf(RulePlaces.PathOf(rule)) ?? 1) : null;

    private FlowVerdict Ask(FlowQuestion question, QuestionEnd end) => _hosts.Complete(_world.Policy.Evaluate(question.Source, end.End, question.Protocol, end.Port));

    private FlowVerdict AskStaged(FlowQuestion question, QuestionEnd end) =>
        _world.Policy.EvaluateStaged(question.Source, end.End, question.Protocol, end.Port).Pending;
}
