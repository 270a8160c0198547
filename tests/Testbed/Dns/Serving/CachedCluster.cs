using Margay.Api;
using Margay.Model.Resources;
using Margay.Testbed.Dns.Names;

namespace Margay.Testbed.Dns.Serving;

/// <summary>The cluster's services and endpoints, followed by watches.</summary>
internal sealed class CachedCluster(MargayClient client) : IClusterState, IAsyncDisposable
{
    private readonly ResourceCache<Service> _services = client.Resources<Service>().Cache();
    private readonly ResourceCache<Endpoints> _endpoints = client.Resources<Endpoints>().Cache();

    /// <summary>Completes when all that exists is known: before that, "no such name" would be a lie.</summary>
    public Task InSync() => Task.WhenAll(_services.InSync, _endpoints.InSync);

    /// <summary>Why it does not follow the server just now, or null.</summary>
    public Exception? Trouble => _services.Trouble ?? _endpoints.Trouble;

    public IEnumerable<Service> Services => _services.Items;

    public Service? FindService(string ns, string name) => _services.Find(ns, name);

    public Endpoints? FindEndpoints(string ns, string name) => _endpoints.Find(ns, name);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _endpoints.DisposeAsync();
    }
}
