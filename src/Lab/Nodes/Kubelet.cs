using Margay.Lab.Api;
using Margay.Lab.Manifests;
using Margay.Lab.Pods;
using Margay.Lab.Processes;
using Margay.Lab.Topology;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Lab.Nodes;

/// <summary>A node's agent as a process: follows the node's pods in the API and hands them to the <see cref="PodRunner"/>.</summary>
internal sealed class Kubelet
{
    private readonly LabApi _api;
    private readonly LabMachine _node;
    private readonly NodeContext _context;
    private readonly PodRunner _runner;
    private readonly Dictionary<ResourceKey, Pod> _pods = [];

    public Kubelet(LabApi api, LabSpec spec, LabLayout layout, LabMachine node)
    {
        (_api, _node) = (api, node);
        string pods = layout.Pods(node.Name);
        Directory.CreateDirectory(pods);
        _context = new NodeContext
        {
            Node = node,
            Pods = pods,
            Sandboxes = new Sandboxes(spec.Name, new CniRuntime(layout.CniConfig(node.Name), spec.Binaries)),
            Api = new PodApi(api),
            SearchPath = LabDaemons.SearchPath(spec),
            NameServers = new NameServers(pods),
        };
        _runner = new PodRunner(_context);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        var informer = new Informer(
            _api.Store,
            [
                new InformerSource(KindRegistry.Of<Pod>(), new Scope(FieldSelector: $"spec.nodeName={_node.Name}")),
                new InformerSource(KindRegistry.Of<Endpoints>(), new Scope(BaseManifests.DnsNamespace, FieldSelector: $"metadata.name={BaseManifests.DnsService}")),
            ],
            new InformerOptions { Trim = _ => { } });
        var following = informer.RunAsync(stop);
        await foreach (var batch in informer.Batches.ReadAllAsync(stop))
        {
            foreach (var update in batch.Updates) Accept(update, stop);
            if (batch.InSync) _runner.Complete(_pods.Values, stop);
        }

        await following;
        await _runner.WaitAsync();
    }

    private void Accept(ResourceUpdate update, CancellationToken stop)
    {
        if (update.Key.Kind == "Endpoints") AcceptNameServers(update.Value as Endpoints);
        if (update.Key.Kind != "Pod") return;
        _pods.TryGetValue(update.Key, out var before);
        var now = update.Value as Pod;

        // The same name with another uid is another pod; the watch may have missed the end of the first.
        if (before is not null && before.Metadata.Uid != now?.Metadata.Uid) _runner.Gone(before, stop);
        if (now is null)
        {
            _pods.Remove(update.Key);
            return;
        }

        _pods[update.Key] = now;
        _runner.Changed(now, stop);
    }

    private void AcceptNameServers(Endpoints? endpoints)
    {
        List<string> addresses = [.. (endpoints?.Subsets ?? []).SelectMany(subset => subset.Addresses ?? []).Select(address => address.Ip)];

        // Names that do not resolve for a while are better than names that never resolve again.
        if (addresses.Count > 0) _context.NameServers.Change(addresses);
    }
}
