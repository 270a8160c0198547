using Margay.Foundation.Primitives;
using Margay.Model.Datastore;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Cluster;

/// <summary>
/// Where no kubelet registers the node, the node service does: a Node object with its addresses, which other nodes route to.
/// </summary>
internal sealed class NodeRegistration(NodeOptions options, IResourceStore store, TimeProvider time, ILogger<NodeRegistration> logger)
{
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(2);

    /// <summary>Registers once, trying until it succeeds; then waits for <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        bool told = false;
        while (options.RegisterAddresses.Count > 0)
        {
            try
            {
                await RegisterAsync(stop);
                break;
            }
            catch (Exception cause) when (cause is HttpRequestException or IOException or ApiException)
            {
                if (!told) logger.NotRegisteredYet(options.NodeName, cause.Message);
                told = true;
                await Task.Delay(_retry, time, stop);
            }
        }
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
    }

    private async Task RegisterAsync(CancellationToken stop)
    {
        var node = await store.FindAsync<Model.Resources.Node>(null, options.NodeName, stop);
        if (node is null)
        {
            var created = new Model.Resources.Node { Metadata = { Name = options.NodeName, Labels = new() { ["kubernetes.io/hostname"] = options.NodeName, ["kubernetes.io/os"] = "linux" } } };
            node = await store.CreateAsync(created, stop);
        }
        var wanted = options.RegisterAddresses
            .Select(address => new NodeAddress { Type = "InternalIP", Address = IpAddr.Parse(address).ToString() })
            .Append(new NodeAddress { Type = "Hostname", Address = options.NodeName }).ToList();
        node.Status ??= new();
        bool same = node.Status.Addresses is { } have && have.Select(a => (a.Type, a.Address)).SequenceEqual(wanted.Select(a => (a.Type, a.Address)));
        if (same && node.Status.Conditions is { Count: > 0 }) return;
        string now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");
        node.Status.Addresses = wanted;
        node.Status.Conditions = [new() { Type = "Ready", Status = "True", Reason = "NodeServiceReady", Message = "the node service runs", LastTransitionTime = now, LastHeartbeatTime = now }];
        await store.UpdateStatusAsync(node, stop);
    }
}
