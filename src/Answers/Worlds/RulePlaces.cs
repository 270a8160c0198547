using Margay.Answers.Sources;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;

namespace Margay.Answers.Worlds;

/// <summary>Finds the object and the line that a rule comes from.</summary>
public sealed class RulePlaces
{
    private readonly ResourceSet _objects;

    /// <summary>For rules that come from these objects.</summary>
    public RulePlaces(ResourceSet objects) => _objects = objects;

    /// <summary>The object that a policy comes from; null when it is implied, such as the profile of a namespace.</summary>
    public LocatedResource? Find(PolicyId policy) => policy.Kind switch
    {
        PolicyKind.NetworkPolicy => _objects.Find(new ResourceKey(ApiVersions.ProjectCalico, "NetworkPolicy", policy.Namespace, policy.Name)),
        PolicyKind.GlobalNetworkPolicy => _objects.Find(new ResourceKey(ApiVersions.ProjectCalico, "GlobalNetworkPolicy", "", policy.Name)),
        PolicyKind.KubernetesNetworkPolicy => _objects.Find(new ResourceKey(ApiVersions.Networking, "NetworkPolicy", policy.Namespace, policy.Name)),
        PolicyKind.ClusterNetworkPolicy => _objects.Find(new ResourceKey(ApiVersions.ClusterPolicy, "ClusterNetworkPolicy", "", policy.Name)),
        PolicyKind.Profile => _objects.Find(new ResourceKey(ApiVersions.ProjectCalico, "Profile", "", policy.Name)),
        PolicyKind.StagedNetworkPolicy => _objects.Find(new ResourceKey(ApiVersions.ProjectCalico, "StagedNetworkPolicy", policy.Namespace, policy.Name)),
        PolicyKind.StagedGlobalNetworkPolicy => _objects.Find(new ResourceKey(ApiVersions.ProjectCalico, "StagedGlobalNetworkPolicy", "", policy.Name)),
        PolicyKind.StagedKubernetesNetworkPolicy =>
            _objects.Find(new ResourceKey(ApiVersions.ProjectCalico, "StagedKubernetesNetworkPolicy", policy.Namespace, policy.Name)),
        _ => null,
    };

    /// <summary>The rule's path in its object; empty for the end of a tier.</summary>
    public static string PathOf(RuleId rule) =>
        rule.Index < 0 ? "" : $"spec.{(rule.Direction == PolicyDirection.Ingress ? "ingress" : "egress")}[{rule.Index}]";

    /// <summary><c>file:line</c> of a rule; null when it stands in no file.</summary>
    public string? Describe(RuleId rule) =>
        Find(rule.Policy) is { Place.File: not null } found ? found.Place.Describe(PathOf(rule)) : null;
}
