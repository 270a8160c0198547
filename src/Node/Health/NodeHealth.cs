using System.Text.Json;
using System.Text.Json.Serialization;

namespace Margay.Node.Health;

/// <summary>What the node service says of itself. Written by the loops, read by probes; every part is one atomic reference.</summary>
internal sealed class NodeHealth(string nodeName, TimeProvider time)
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private volatile string? _notReady = "starting";
    private volatile string? _dataplaneError;
    private volatile string? _routesError;
    private volatile string? _datastoreError;
    private int _endpoints;
    private long _applies;

    /// <summary>Why the node cannot serve, or null when it can.</summary>
    public string? NotReadyReason => _notReady ?? (_dataplaneError is { } error ? "data plane: " + error : null);

    /// <summary>True from the first complete state in the kernel on, also while the API server is away.</summary>
    public bool InSync => _notReady is null;

    /// <summary>Says what start is waiting for.</summary>
    public void StillStarting(string reason) => _notReady = reason;

    /// <summary>The first complete state is in the kernel.</summary>
    public void Started() => _notReady = null;

    /// <summary>The kernel took everything, or refused for this reason.</summary>
    public void Dataplane(string? error)
    {
        _dataplaneError = error;
        Interlocked.Increment(ref _applies);
    }

    /// <summary>The kernel took every route (null), or refused some. A node with a way that does not exist serves its own pods all the same.</summary>
    public void Routes(string? error) => _routesError = error;

    /// <summary>The API server answers (null), or the last error. The node goes on enforcing without it.</summary>
    public void Datastore(string? error) => _datastoreError = error;

    /// <summary>How many pods policy is enforced on here.</summary>
    public void Endpoints(int count)
    {
        Volatile.Write(ref _endpoints, count);
        NodeMetrics.ActiveLocalEndpoints.Set(count);
    }

    /// <summary>The state as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new NodeStatus(
            nodeName, NotReadyReason is null, NotReadyReason, _dataplaneError, _routesError, _datastoreError, Volatile.Read(ref _endpoints),
            Interlocked.Read(ref _applies), _started),
        NodeStatusJson.Default.NodeStatus);
}

/// <summary>The answer of <c>/status</c>.</summary>
internal sealed record NodeStatus(
    string Node, bool Ready, string? Reason, string? DataplaneError, string? RoutesError, string? DatastoreError, int Endpoints, long Applies, DateTimeOffset Started);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(NodeStatus))]
internal sealed partial class NodeStatusJson : JsonSerializerContext;
