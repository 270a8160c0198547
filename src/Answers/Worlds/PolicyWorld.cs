using Margay.Answers.Sources;
using Margay.Policy.Evaluation;
using Margay.Policy.Reachability;

namespace Margay.Answers.Worlds;

/// <summary>A set of objects with everything that questions about it need: the calculated policy, who has which labels, where rules stand.</summary>
public sealed class PolicyWorld
{
    private readonly Lazy<EndpointDirectory> _directory;

    /// <summary>Calculates the policy of complete objects.</summary>
    /// <param name="objects">The objects, completed.</param>
    public PolicyWorld(ResourceSet objects)
    {
        ArgumentNullException.ThrowIfNull(objects);
        Objects = objects;
        Policy = new ClusterPolicy();
        Policy.Apply(objects.Resources);
        State = Policy.State;
        Places = new RulePlaces(objects);
        _directory = new Lazy<EndpointDirectory>(() => new EndpointDirectory([.. objects.Resources]));
    }

    /// <summary>The objects.</summary>
    public ResourceSet Objects { get; }

    /// <summary>The policy, for single questions.</summary>
    public ClusterPolicy Policy { get; }

    /// <summary>The compiled policy.</summary>
    public CompiledState State { get; }

    /// <summary>The labels of pods.</summary>
    public EndpointDirectory Directory => _directory.Value;

    /// <summary>Where rules stand.</summary>
    public RulePlaces Places { get; }
}
