using System.Runtime.CompilerServices;
using Margay.Model.Datastore.Crd;
using Margay.Model.Registry;
using Margay.Model.Resources;

namespace Margay.Model.Datastore.Kube;

/// <summary>
/// A cluster's state, wherever the cluster keeps it. What is to be found out is asked with the first call and is then settled;
/// as long as the server does not answer, calls fail as they would anyway and the next one asks again.
/// </summary>
public sealed class ClusterStore : IResourceStore, IDisposable
{
    /// <summary>The environment variable that names the mode where the command line does not: auto, v3 or crd.</summary>
    public const string ModeVariable = "MARGAY_DATASTORE";

    private readonly KubeClient _client;
    private readonly IResourceStore _direct;
    private volatile IResourceStore? _chosen;

    /// <summary>Makes a store for a server.</summary>
    /// <param name="client">The server; disposed of with this.</param>
    /// <param name="mode">Where the objects are.</param>
    public ClusterStore(KubeClient client, DatastoreMode mode = DatastoreMode.Auto)
    {
        (_client, _direct) = (client, new OlderVersions(client));
        _chosen = mode switch
        {
            DatastoreMode.V3 => _direct,
            DatastoreMode.Crd => new CrdStore(_direct),
            _ => null,
        };
    }

    /// <summary>Connects to a server.</summary>
    /// <param name="connection">The server and our credentials.</param>
    /// <param name="mode">Where the objects are; null for what <see cref="ModeVariable"/> says, and auto when it says nothing.</param>
    /// <exception cref="KubeConfigException">The variable names no mode.</exception>
    public static ClusterStore Open(KubeConnection connection, DatastoreMode? mode = null) =>
        new(new KubeClient(connection), mode ?? ModeOf(Environment.GetEnvironmentVariable(ModeVariable)));

    /// <summary>Reads a mode as people write it.</summary>
    /// <param name="text">auto, v3 or crd in any case; null or empty for auto.</param>
    /// <exception cref="KubeConfigException">It is none of them.</exception>
    public static DatastoreMode ModeOf(string? text) => (text ?? "").ToLowerInvariant() switch
    {
        "" or "auto" => DatastoreMode.Auto,
        "v3" => DatastoreMode.V3,
        "crd" => DatastoreMode.Crd,
        _ => throw new KubeConfigException($"\"{text}\" is none of auto, v3, crd (--datastore, ${ModeVariable})"),
    };

    /// <summary>Where the objects are, asking the server if need be.</summary>
    /// <param name="stop">Ends the call.</param>
    /// <exception cref="ApiException">The server has them in neither form; or it refuses to tell.</exception>
    public async Task<DatastoreMode> FindModeAsync(CancellationToken stop) =>
        await ChosenAsync(stop) is CrdStore ? DatastoreMode.Crd : DatastoreMode.V3;

    /// <inheritdoc/>
    public async Task<Resource> GetAsync(KindInfo kind, string? ns, string name, CancellationToken stop) =>
        await (await ForAsync(kind, stop)).GetAsync(kind, ns, name, stop);

    /// <inheritdoc/>
    public async Task<Listing> ListAsync(KindInfo kind, Scope scope, CancellationToken stop) =>
        await (await ForAsync(kind, stop)).ListAsync(kind, scope, stop);

    /// <inheritdoc/>
    public async Task<Resource> CreateAsync(KindInfo kind, Resource value, CancellationToken stop) =>
        await (await ForAsync(kind, stop)).CreateAsync(kind, value, stop);

    /// <inheritdoc/>
    public async Task<Resource> UpdateAsync(KindInfo kind, Resource value, string? subresource, CancellationToken stop) =>
        await (await ForAsync(kind, stop)).UpdateAsync(kind, value, subresource, stop);

    /// <inheritdoc/>
    public async Task DeleteAsync(KindInfo kind, string? ns, string name, Preconditions? preconditions, CancellationToken stop) =>
        await (await ForAsync(kind, stop)).DeleteAsync(kind, ns, name, preconditions, stop);

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<WatchEvent>> WatchAsync(
        KindInfo kind, Scope scope, string resourceVersion, [EnumeratorCancellation] CancellationToken stop)
    {
        var store = await ForAsync(kind, stop);
        await foreach (var events in store.WatchAsync(kind, scope, resourceVersion, stop))
            yield return events;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    // Kubernetes' own kinds are where they are in any mode.
    private async ValueTask<IResourceStore> ForAsync(KindInfo kind, CancellationToken stop) =>
        kind.Group == ProjectGroup ? await ChosenAsync(stop) : _direct;

    private const string ProjectGroup = "projectcalico.org";

    private async ValueTask<IResourceStore> ChosenAsync(CancellationToken stop)
    {
        if (_chosen is { } chosen)
            return chosen;
        // Custom resources first: behind them version 3 may be served too, by a server that can be away.
        if ((await _client.DiscoverAsync(CrdKind.ApiVersion, stop)).Contains("ippools"))
            return _chosen = new CrdStore(_direct);
        if ((await _client.DiscoverAsync(ApiVersions.ProjectCalico, stop)).Count > 0)
            return _chosen = _direct;
        throw new ApiException(
            404, StatusReason.NotFound, $"the server has neither {CrdKind.ApiVersion} nor {ApiVersions.ProjectCalico}; apply the custom resource definitions first");
    }
}
