using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Model.Selectors;
using Margay.Policy.Conversion;
using Margay.Policy.Graph;

namespace Margay.Policy.Reachability;

/// <summary>
/// The labels of pods as selectors of policies see them, inherited ones included, so that a question's selector means what
/// a policy's means.
/// </summary>
public sealed class EndpointDirectory
{
    private readonly Dictionary<EndpointId, Dictionary<string, string>> _labels = [];
    private readonly Dictionary<EndpointId, Pod> _pods = [];

    /// <summary>Reads pods, namespaces, service accounts and profiles; everything else is passed over.</summary>
    public EndpointDirectory(IReadOnlyCollection<Resource> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        var profiles = new Dictionary<string, Dictionary<string, string>?>(StringComparer.Ordinal);
        foreach (var @namespace in resources.OfType<Namespace>())
            profiles[KnownLabels.ProfileOfNamespace(@namespace.Metadata.Name!)] = ProfileTable.Imply(@namespace, @namespace.Metadata.Name!).LabelsToApply;
        foreach (var account in resources.OfType<ServiceAccount>())
            profiles[KnownLabels.ProfileOfServiceAccount(account.Metadata.Namespace!, account.Metadata.Name!)] = ProfileTable.Imply(account, account.Metadata.Name!).LabelsToApply;
        foreach (var profile in resources.OfType<Profile>()) profiles[profile.Metadata.Name!] = profile.Spec.LabelsToApply;
        foreach (var pod in resources.OfType<Pod>()) Add(pod, profiles);
    }

    /// <summary>The pods.</summary>
    public IReadOnlyDictionary<EndpointId, Pod> Pods => _pods;

    /// <summary>The labels of a pod, inherited ones included; empty when there is no such pod.</summary>
    public IReadOnlyDictionary<string, string> LabelsOf(EndpointId endpoint) => _labels.GetValueOrDefault(endpoint) ?? [];

    /// <summary>One selector for both parts, as in a cluster-wide rule.</summary>
    /// <param name="selector">Over the pod's labels; null for every pod.</param>
    /// <param name="namespaceSelector">Over the labels of its namespace; null for every namespace.</param>
    public static Selector Combine(Selector? selector, Selector? namespaceSelector)
    {
        var namespaces = namespaceSelector is null ? null : ScopedSelectors.InNamespaces(namespaceSelector);
        return (selector, namespaces) switch
        {
            (null, null) => Selector.All,
            (null, { } only) => only,
            ({ } only, null) => only,
            ({ } both, { } and) => Selector.And(and, both),
        };
    }

    private void Add(Pod pod, Dictionary<string, Dictionary<string, string>?> profiles)
    {
        string @namespace = pod.Metadata.Namespace ?? "", name = pod.Metadata.Name ?? "", account = pod.Spec.ServiceAccountName ?? "";
        var labels = OwnLabels.Of(pod, @namespace);
        labels[KnownLabels.Orchestrator] = KnownLabels.Kubernetes;
        if (account.Length > 0) labels[KnownLabels.ServiceAccount] = account;
        else labels.Remove(KnownLabels.ServiceAccount);
        // Own labels win over inherited ones, the namespace's over the service account's.
        foreach (string profile in (string[])[KnownLabels.ProfileOfNamespace(@namespace), KnownLabels.ProfileOfServiceAccount(@namespace, account)])
            foreach (var (key, value) in profiles.GetValueOrDefault(profile) ?? []) labels.TryAdd(key, value);
        var id = new EndpointId(@namespace, name, "eth0");
        _labels[id] = labels;
        _pods[id] = pod;
    }
}
