using Margay.Model.Resources;

namespace Margay.Policy.Tests.Evaluation;

/// <summary>What an administrator does who enforces staged policies: plain edits of objects.</summary>
internal static class Promotion
{
    /// <summary>The objects after these staged policies have been enforced, and all of them been removed.</summary>
    public static List<Resource> Enforce(IEnumerable<Resource> objects, Func<Resource, bool> which)
    {
        var all = objects.ToList();
        foreach (var staged in all.FindAll(o => IsStaged(o) && which(o)))
        {
            var (action, enforced) = Counterpart(staged);
            if (action == "Ignore") continue;
            all.RemoveAll(o => o.Key == enforced.Key);
            if (action != "Delete") all.Add(enforced);
        }
        all.RemoveAll(IsStaged);
        return all;
    }

    public static bool IsStaged(Resource resource) => resource.Kind?.StartsWith("Staged", StringComparison.Ordinal) == true;

    private static (string? Action, Resource Enforced) Counterpart(Resource staged) => staged switch
    {
        StagedNetworkPolicy { Spec: var s } => (s.StagedAction, Named(new NetworkPolicy { Spec = s }, staged)),
        StagedGlobalNetworkPolicy { Spec: var s } => (s.StagedAction, Named(new GlobalNetworkPolicy { Spec = s }, staged)),
        StagedKubernetesNetworkPolicy { Spec: var s } => (s.StagedAction, Named(new KubeNetworkPolicy { Spec = s }, staged)),
        _ => throw new ArgumentException(staged.Kind),
    };

    private static T Named<T>(T enforced, Resource staged) where T : Resource
    {
        Make.Named(enforced, staged.Metadata.Namespace ?? "", staged.Metadata.Name!);
        enforced.Metadata.Annotations = staged.Metadata.Annotations;
        return enforced;
    }
}
