using Margay.Answers.Sources;
using Margay.Model.Resources;

namespace Margay.Answers.Completion;

/// <summary>
/// Adds to manifests what a cluster would add before any policy is calculated: pods of workloads, addresses, the default
/// service account, namespaces with their name as a label, the default tier, backends of services. What is there is left alone.
/// </summary>
public static class WorldCompletion
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    /// <summary>Completes worlds that are compared with each other, or one alone.</summary>
    /// <param name="worlds">The worlds, changed in place.</param>
    public static void Complete(params IReadOnlyCollection<ResourceSet> worlds)
    {
        ArgumentNullException.ThrowIfNull(worlds);
        foreach (var world in worlds) AddPods(world);
        var book = new AddressBook(worlds);
        foreach (var pod in worlds.SelectMany(w => w.Of<Pod>()).OrderBy(p => p.Metadata.Namespace, StringComparer.Ordinal).ThenBy(p => p.Metadata.Name, StringComparer.Ordinal))
            book.Fill(pod);
        foreach (var world in worlds)
        {
            AddAccounts(world);
            AddNamespaces(world);
            AddTier(world);
            AddBackends(world);
        }
    }

    private static void AddPods(ResourceSet world)
    {
        var present = world.Of<Pod>().ToLookup(p => p.Metadata.Namespace);
        foreach (var workload in world.Workloads)
        {
            if (present[workload.Namespace].Any(workload.Owns)) continue;
            foreach (var pod in workload.Pods())
                if (world.Find(pod.Key) is null) world.Replace(new LocatedResource(pod, workload.Place));
        }
    }

    private static void AddAccounts(ResourceSet world)
    {
        foreach (var pod in world.Of<Pod>().ToArray())
        {
            if (string.IsNullOrEmpty(pod.Spec.ServiceAccountName)) pod.Spec.ServiceAccountName = string.IsNullOrEmpty(pod.Spec.ServiceAccount) ? "default" : pod.Spec.ServiceAccount;
            var account = new ServiceAccount { Metadata = new ObjectMeta { Namespace = pod.Metadata.Namespace, Name = pod.Spec.ServiceAccountName } };
            if (world.Find(account.Key) is null) world.Put(account);
        }
    }

    private static void AddNamespaces(ResourceSet world)
    {
        foreach (string name in world.Resources.Select(r => r.Metadata.Namespace).Where(n => !string.IsNullOrEmpty(n)).Distinct().ToArray()!)
        {
            var implied = new Namespace { Metadata = new ObjectMeta { Name = name } };
            if (world.Find(implied.Key) is null) world.Put(implied);
        }
        foreach (var @namespace in world.Of<Namespace>())
            (@namespace.Metadata.Labels ??= []).TryAdd(NameLabel, @namespace.Metadata.Name!);
    }

    private static void AddTier(ResourceSet world)
    {
        var tier = new Tier
        {
            Metadata = new ObjectMeta { Name = Tier.DefaultName },
            Spec = new TierSpec { Order = 1_000_000, DefaultAction = PolicyAction.Deny },
        };
        if (world.Find(tier.Key) is null) world.Put(tier);
    }

    private static void AddBackends(ResourceSet world)
    {
        var known = world.Of<EndpointSlice>().Select(s => (s.Metadata.Namespace, s.Metadata.Labels?.GetValueOrDefault(EndpointSlice.ServiceNameLabel)))
            .Concat(world.Of<Endpoints>().Select(e => (e.Metadata.Namespace, e.Metadata.Name))).ToHashSet();
        var pods = world.Of<Pod>().ToLookup(p => p.Metadata.Namespace);
        foreach (var service in world.Of<Service>().ToArray())
        {
            if (service.Spec.Selector is not { Count: > 0 } || known.Contains((service.Metadata.Namespace, service.Metadata.Name))) continue;
            foreach (var slice in ServiceBackends.Slices(service, pods[service.Metadata.Namespace])) world.Put(slice);
        }
    }
}
