using Margay.Dataplane.Contract;

namespace Margay.Policy.Graph;

/// <summary>A pod that is wired to this node.</summary>
internal sealed class LocalPod
{
    /// <summary>The pod, when it is known; of a pod that is not an endpoint only that.</summary>
    public PodFacts? Pod { get; set; }

    /// <summary>How it is wired; null when it is about to go.</summary>
    public LocalEndpoint? Endpoint { get; set; }

    /// <summary>The profiles that it lists, and uses.</summary>
    public string[] Lists { get; set; } = [];

    /// <summary>Its number.</summary>
    public required int Id { get; init; }
}

/// <summary>The pods that are wired to this node, and what the data plane is told about them.</summary>
internal sealed class LocalPods(PolicyTable policies)
{
    private readonly Dictionary<int, LocalPod> _pods = [];
    private readonly Dictionary<(string Namespace, string Name), int> _ids = [];
    private readonly HashSet<(string Namespace, string Name)> _dirty = [];
    private readonly Dictionary<(string Namespace, string Name), WorkloadEndpointUpdate> _sent = [];
    private readonly List<WorkloadEndpointUpdate> _updates = [];
    private readonly List<WorkloadEndpointRemove> _removals = [];

    /// <summary>A pod that is wired here.</summary>
    public LocalPod Find(int id) => _pods[id];

    /// <summary>A pod has been wired here.</summary>
    public LocalPod Add(int id, PodFacts? pod)
    {
        var local = new LocalPod { Id = id, Pod = pod };
        _pods.Add(id, local);
        return local;
    }

    /// <summary>A pod is not wired here any more.</summary>
    public void Remove(int id, string @namespace, string name)
    {
        _pods.Remove(id);
        _ids.Remove((@namespace, name));
        _dirty.Add((@namespace, name));
    }

    /// <summary>The endpoint is looked at again.</summary>
    public void Mark(LocalPod local)
    {
        if (local.Endpoint is not { } endpoint) return;
        _ids[(endpoint.Namespace, endpoint.Name)] = local.Id;
        _dirty.Add((endpoint.Namespace, endpoint.Name));
    }

    /// <summary>Every endpoint is looked at again.</summary>
    public void MarkAll() => _dirty.UnionWith(_sent.Keys);

    /// <summary>Decides what has to be told. Policies must have been resolved before.</summary>
    public void Resolve()
    {
        foreach (int id in policies.ChangedEndpoints)
            if (_pods.TryGetValue(id, out var local)) Mark(local);
        policies.ChangedEndpoints.Clear();
        (string Namespace, string Name)[] dirty = [.. _dirty];
        Array.Sort(dirty, static (a, b) => string.CompareOrdinal(a.Namespace, b.Namespace) is not 0 and var order ? order : string.CompareOrdinal(a.Name, b.Name));
        foreach (var key in dirty)
        {
            var update = _ids.TryGetValue(key, out int id) && _pods[id] is { Endpoint: { } endpoint } local ? Describe(local, endpoint) : null;
            _sent.TryGetValue(key, out var before);
            if (before is not null && before.Id != update?.Id) _removals.Add(new WorkloadEndpointRemove(before.Id));
            if (update is null)
            {
                _sent.Remove(key);
                continue;
            }
            if (!update.Equals(before)) _updates.Add(update);
            _sent[key] = update;
        }
        _dirty.Clear();
    }

    /// <summary>New and changed endpoints.</summary>
    public void TakeUpdates(List<DataplaneUpdate> updates)
    {
        updates.AddRange(_updates);
        _updates.Clear();
    }

    /// <summary>Endpoints that are gone.</summary>
    public void TakeRemovals(List<DataplaneUpdate> updates)
    {
        updates.AddRange(_removals);
        _removals.Clear();
    }

    /// <summary>An endpoint whose pod is not known has no policies and no profiles: every packet is dropped.</summary>
    private WorkloadEndpointUpdate Describe(LocalPod local, LocalEndpoint endpoint)
    {
        var update = new WorkloadEndpointUpdate
        {
            Id = endpoint.Id,
            HostInterface = endpoint.HostInterface,
            Addresses = endpoint.Addresses,
            AllowedSources = endpoint.AllowedSources,
        };
        if (local.Pod is not { IsEndpoint: true }) return update;
        var tiers = policies.TiersOf(local.Id, PolicyHook.Normal);
        return update with
        {
            IngressTiers = tiers.Ingress,
            EgressTiers = tiers.Egress,
            Profiles = [.. local.Lists.Select(ProfileTable.IdOf)],
            Staged = policies.StagedFor(local.Id) is { IsEmpty: false } staged
                ? new StagedTiers(staged, policies.TiersOf(local.Id, PolicyHook.Normal, withStaged: true))
                : null,
        };
    }
}
