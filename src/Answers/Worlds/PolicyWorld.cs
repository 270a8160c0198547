using Margay.Answers.Sources;
using Margay.Dataplane.Contract;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;
using Margay.Policy.Reachability.Comparison;

namespace Margay.Answers.Worlds;

/// <summary>A set of objects with everything that questions about it need: the calculated policy, who has which labels, where rules stand.</summary>
public sealed class PolicyWorld
{
    private readonly Lazy<EndpointDirectory> _directory;

    /// <summary>Calculates the policy of complete objects.</summary>
    /// <param name="objects">The objects, completed.</param>
    /// <param name="time">The clock, for policies that count for a time only.</param>
    public PolicyWorld(ResourceSet objects, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(objects);
        Objects = objects;
        Policy = new ClusterPolicy();
        Policy.SetTime((time ?? TimeProvider.System).GetUtcNow());
        Policy.Apply(objects.Resources);
        State = Policy.State;
        Places = new RulePlaces(objects);
        _directory = new Lazy<EndpointDirectory>(() => new EndpointDirectory([.. objects.Resources]));
    }

    private PolicyWorld(PolicyWorld original, CompiledState state)
    {
        (Objects, Policy, State, Places, _directory) = (original.Objects, original.Policy, state, original.Places, original._directory);
    }

    /// <summary>Calculates two worlds, at the same time.</summary>
    public static (PolicyWorld Before, PolicyWorld After) Both(ResourceSet before, ResourceSet after)
    {
        PolicyWorld? first = null, second = null;
        Parallel.Invoke(() => _ = (first = new PolicyWorld(before)).Directory, () => _ = (second = new PolicyWorld(after)).Directory);
        return (first!, second!);
    }

    /// <summary>This world with every staged policy enforced, for comparisons; single questions go to the original.</summary>
    public PolicyWorld Staged() => new(this, StagedState.Enforce(State));

    /// <summary>The objects.</summary>
    public ResourceSet Objects { get; }

    /// <summary>The policy, for single questions.</summary>
    public ClusterPolicy Policy { get; }

    /// <summary>The compiled policy.</summary>
    public CompiledState State { get; }

    /// <summary>The labels of pods.</summary>
    public EndpointDirectory Directory => _directory.Value;

    /// <summary>The node of a pod; null when it has none yet.</summary>
    public string? NodeOf(EndpointId pod) => Directory.Pods.GetValueOrDefault(pod)?.Spec.NodeName is { Length: > 0 } node ? node : null;

    /// <summary>Where rules stand.</summary>
    public RulePlaces Places { get; }
}
