using Margay.Controllers.Configuration;
using Margay.Controllers.Hosting;
using Margay.Controllers.Reconciling;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.HostEndpoints;

/// <summary>Gives every node the host endpoints that the configuration asks for; a key is a node's name.</summary>
internal sealed class HostEndpointController(IResourceStore store, SettingsSource settings, ILogger logger) : IController
{
    private readonly ResourceTable<Node> _nodes = new();
    private readonly ResourceTable<HostEndpoint> _endpoints = new();

    public string Name => "host-endpoints";

    public IReadOnlyCollection<string> Observe(in ResourceUpdate update)
    {
        switch (update.Key.Kind)
        {
            case "Node":
                _nodes.Apply(update);
                return [update.Key.Name];
            case "HostEndpoint":
                var before = _endpoints.Apply(update);
                return [.. new[] { before?.Spec.Node, (update.Value as HostEndpoint)?.Spec.Node }.OfType<string>().Distinct()];
            default:
                return [];
        }
    }

    public IReadOnlyCollection<string> Keys() =>
        [.. _nodes.Keys.Concat(_endpoints.Values.Where(HostEndpointPlan.IsOurs).Select(e => e.Spec.Node).OfType<string>()).Distinct()];

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken stop)
    {
        if (settings.Current.Node is not { } node) return null;
        var existing = _endpoints.Values.Where(e => e.Spec.Node == key && HostEndpointPlan.IsOurs(e));
        var plan = HostEndpointPlan.For(_nodes[key], node.HostEndpoints, existing);
        foreach (var endpoint in plan.Create) await CreateAsync(key, endpoint, stop);
        foreach (var endpoint in plan.Update)
        {
            await store.UpdateAsync(endpoint, stop);
            logger.HostEndpointChanged(endpoint.Metadata.Name!, key, "updated");
        }
        foreach (var endpoint in plan.Delete) await DeleteAsync(key, endpoint, stop);
        return null;
    }

    private async Task CreateAsync(string node, HostEndpoint endpoint, CancellationToken stop)
    {
        string name = endpoint.Metadata.Name!;
        // Somebody's own, or that of a node whose name differs where ours has the template's.
        if (_endpoints[name] is { } other && (!HostEndpointPlan.IsOurs(other) || other.Spec.Node != node))
        {
            logger.HostEndpointWithheld(node, name, $"a host endpoint of that name, of node {other.Spec.Node}, exists and is not to be touched");
            return;
        }
        await store.CreateAsync(endpoint, stop);
        logger.HostEndpointChanged(name, node, "made");
    }

    private async Task DeleteAsync(string node, HostEndpoint endpoint, CancellationToken stop)
    {
        // In this version only: who takes it over by taking the label off keeps it.
        var seen = new Preconditions(endpoint.Metadata.Uid, endpoint.Metadata.ResourceVersion);
        try
        {
            await store.DeleteAsync<HostEndpoint>(null, endpoint.Metadata.Name!, seen, stop);
            logger.HostEndpointChanged(endpoint.Metadata.Name!, node, "deleted");
        }
        catch (ApiException gone) when (gone.IsNotFound)
        {
            // As it should be.
        }
    }
}
