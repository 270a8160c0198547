using System.Text.Json.Nodes;
using Margay.Model.Datastore.Kube;

namespace Margay.Installation;

/// <summary>
/// Looks at the cluster every few seconds and writes what it sees into Installation <c>default</c>. Several may run: each
/// write names the version that it was worked out from, and equal clusters give equal statuses.
/// </summary>
public sealed class InstallationController : IDisposable
{
    private const string Path = "apis/operator.margay.io/v1/installations/default";
    private const string Pools = "apis/crd.projectcalico.org/v1/ippools";
    private readonly HttpClient? _http;
    private readonly IClusterDocuments _cluster;
    private readonly string _namespace;
    private readonly TimeProvider _time;

    /// <summary>The controller of a cluster.</summary>
    /// <param name="connection">The API server.</param>
    /// <param name="ownNamespace">Where the agents run.</param>
    /// <param name="time">The clock.</param>
    public InstallationController(KubeConnection connection, string ownNamespace, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _http = connection.CreateHttpClient();
        (_cluster, _namespace, _time) = (new HttpDocuments(_http), ownNamespace, time);
    }

    internal InstallationController(IClusterDocuments cluster, string ownNamespace, TimeProvider time) => (_cluster, _namespace, _time) = (cluster, ownNamespace, time);

    /// <summary>Looks once.</summary>
    /// <returns>Whether something was written.</returns>
    /// <exception cref="HttpRequestException">The server is away or refuses.</exception>
    public async Task<bool> RunOnceAsync(CancellationToken stop)
    {
        if (await _cluster.GetAsync(Path, stop) is not { } installation) return false;
        var observed = await ObserveAsync(stop);
        bool wrote = false;
        if (!SpecCheck.Of(installation["spec"]).Any())
        {
            foreach (var pool in DesiredPools.Missing(installation["spec"], observed.Pools))
            {
                await _cluster.CreateAsync(Pools, pool, stop);
                wrote = true;
            }
        }
        var status = InstallationStatus.Of(installation, observed, _time.GetUtcNow());
        if (JsonNode.DeepEquals(status, installation["status"])) return wrote;
        installation["status"] = status;
        return await _cluster.ReplaceStatusAsync(Path, installation, stop) || wrote;
    }

    /// <inheritdoc/>
    public void Dispose() => _http?.Dispose();

    private async Task<Observed> ObserveAsync(CancellationToken stop)
    {
        string apps = $"apis/apps/v1/namespaces/{_namespace}";
        const string Ours = "?labelSelector=app.kubernetes.io%2Fname%3Dmargay";
        var node = await _cluster.GetAsync($"{apps}/daemonsets/margay-node", stop);
        return new Observed(
            node,
            List(await _cluster.GetAsync($"{apps}/deployments{Ours}", stop)),
            List(await _cluster.GetAsync($"api/v1/namespaces/{_namespace}/pods{Ours}", stop)),
            List(await _cluster.GetAsync(Pools, stop)));
    }

    private static List<JsonObject> List(JsonObject? list) => [.. list.Items("items").OfType<JsonObject>()];
}
