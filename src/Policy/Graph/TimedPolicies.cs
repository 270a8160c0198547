using Margay.Dataplane.Contract;
using Margay.Policy.Conversion;

namespace Margay.Policy.Graph;

/// <summary>
/// The policies that count only for a time. Outside of it they are as if they were not there; while nobody has said what time it
/// is, they deny: whether they would allow is not known.
/// </summary>
internal sealed class TimedPolicies(PolicyTable policies)
{
    private sealed record State(PolicyDefinition Definition, bool? Holds);

    private readonly Dictionary<PolicyId, State> _timed = [];
    private DateTimeOffset? _now;

    /// <summary>When <see cref="SetTime"/> next makes a difference.</summary>
    public DateTimeOffset? NextTime => _timed.Values.Select(s => s.Definition.Validity.NextAfter(_now ?? DateTimeOffset.MinValue)).Min();

    /// <summary>Adds, changes or (null) removes a policy, timed or not.</summary>
    public void Set(PolicyId id, object? spec, bool extensions)
    {
        _timed.Remove(id);
        if (spec is null || PolicyReading.Read(id, spec, extensions) is not { } definition) policies.Remove(id);
        else if (definition.Validity.IsAlways) policies.Set(definition, spec, extensions);
        else Publish(definition);
    }

    /// <summary>What time it is.</summary>
    public void SetTime(DateTimeOffset now)
    {
        _now = now;
        foreach (var state in _timed.Values.ToArray())
            if (state.Holds != state.Definition.Validity.Holds(now)) Publish(state.Definition);
    }

    private void Publish(PolicyDefinition definition)
    {
        bool? holds = _now is { } now ? definition.Validity.Holds(now) : null;
        _timed[definition.Id] = new State(definition, holds);
        // Enforcing it would put a policy that does not count in the place of one that does.
        if (holds == false && definition.Id.IsStaged) Enforce(StagedConversion.Away(definition.Id));
        else if (holds == false) policies.Remove(definition.Id);
        else Enforce(holds == true ? definition : Closed(definition));
    }

    private void Enforce(PolicyDefinition definition) => policies.Set(definition, definition, extensions: false);

    private static PolicyDefinition Closed(PolicyDefinition definition) => definition with
    {
        Body = () =>
        {
            var compiler = new RuleCompiler(definition.Tier, definition.Id);
            return new PolicyBody(
                definition.HasIngress ? [compiler.DenyAll(PolicyDirection.Ingress)] : [],
                definition.HasEgress ? [compiler.DenyAll(PolicyDirection.Egress)] : [],
                [],
                ["validFrom, validUntil: nobody has said what time it is"]);
        },
    };
}
