using System.Diagnostics;
using Margay.Bench.Policy.Inputs;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Policy.Graph;

namespace Margay.Bench.Policy.Graph;

/// <summary>Feeds a workload to a fresh graph, in the peer's order, and counts what comes out.</summary>
internal sealed class GraphRun(Workload input)
{
    private readonly PolicyGraph _graph = new("localhost");

    public ExpectedCounts Counts { get; private set; }

    public int Removals { get; private set; }

    /// <summary>Milliseconds and bytes allocated in each phase.</summary>
    public List<(string Name, double Ms, long Bytes)> Phases { get; } = [];

    public void Run()
    {
        Phase("policies", () => ApplyAll(input.Policies));
        Phase("profiles", () =>
        {
            ApplyAll(input.Namespaces);
            ApplyAll(input.Profiles);
        });
        Phase("remote endpoints", FeedRemote);
        Phase("network sets", FeedNetworkSets);
        Phase("local endpoints", FeedLocal);
        _graph.MarkInSync();
        Phase("drain", () => Counts = Count(_graph.Drain()));
        if (!input.DeletesLocals) return;
        Phase("deletes", () =>
        {
            DeleteLocals();
            Removals = _graph.Drain().Count;
        });
    }

    /// <summary>
    /// Feeds pieces that are made one after another and let go, as a list of the API server comes. Making them is not told apart
    /// from feeding them: this is for memory.
    /// </summary>
    public void RunStreamed(Pieces pieces)
    {
        foreach (var piece in pieces.Policies) ApplyAll(piece);
        foreach (var piece in pieces.Namespaces) ApplyAll(piece);
        foreach (var piece in pieces.Remote)
            foreach (ref readonly var endpoint in piece.AsSpan()) Feed(endpoint);
        input.Local = pieces.Local;
        FeedLocal();
        _graph.MarkInSync();
        Counts = Count(_graph.Drain());
        input.Local = [];
    }

    /// <summary>Feeds everything but the remote endpoints' policies, for measuring what endpoints cost.</summary>
    public void RunWithout(Action beforeRemote, Action afterRemote)
    {
        ApplyAll(input.Policies);
        ApplyAll(input.Profiles);
        FeedLocal();
        _graph.MarkInSync();
        _graph.Drain();
        beforeRemote();
        FeedRemote();
        _graph.Drain();
        afterRemote();
        GC.KeepAlive(_graph);
    }

    public object Keep => _graph;

    private void Phase(string name, Action action)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long began = Stopwatch.GetTimestamp();
        action();
        Phases.Add((name, Stopwatch.GetElapsedTime(began).TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - bytes));
    }

    private void ApplyAll(IEnumerable<Resource> resources)
    {
        foreach (var resource in resources) _graph.Apply(new ResourceUpdate(resource.Key, resource));
    }

    private void FeedRemote()
    {
        foreach (ref readonly var endpoint in input.Remote.AsSpan()) Feed(endpoint);
    }

    private void FeedLocal()
    {
        foreach (ref readonly var endpoint in input.Local.AsSpan())
        {
            Feed(endpoint);
            _graph.SetLocalEndpoint(new LocalEndpoint(endpoint.Namespace, endpoint.Name, "cali0", [endpoint.Address]));
        }
    }

    private void Feed(in EndpointInput endpoint) =>
        _graph.SetWorkload(endpoint.Namespace, endpoint.Name, endpoint.Labels, [endpoint.Address]);

    private void FeedNetworkSets()
    {
        foreach (var (set, policy) in input.NetworkSets)
        {
            _graph.SetNetworkSet(set.Name, set.Labels, set.Prefixes);
            _graph.Apply(new ResourceUpdate(policy.Key, policy));
        }
    }

    private void DeleteLocals()
    {
        foreach (ref readonly var endpoint in input.Local.AsSpan())
        {
            _graph.RemoveLocalEndpoint(endpoint.Namespace, endpoint.Name);
            _graph.Apply(new ResourceUpdate(new ResourceKey("v1", "Pod", endpoint.Namespace, endpoint.Name), null));
        }
    }

    private static ExpectedCounts Count(IReadOnlyList<DataplaneUpdate> updates)
    {
        int sets = 0, members = 0, policies = 0, profiles = 0, endpoints = 0, references = 0;
        foreach (var update in updates)
        {
            switch (update)
            {
                case IpSetUpdate u:
                    sets++;
                    members += u.Members.Length;
                    break;
                case PolicyUpdate:
                    policies++;
                    break;
                case ProfileUpdate:
                    profiles++;
                    break;
                case WorkloadEndpointUpdate u:
                    endpoints++;
                    foreach (var tier in u.IngressTiers) references += tier.Policies.Length;
                    foreach (var tier in u.EgressTiers) references += tier.Policies.Length;
                    break;
            }
        }
        return new ExpectedCounts(sets, members, policies, profiles, endpoints, references);
    }
}
