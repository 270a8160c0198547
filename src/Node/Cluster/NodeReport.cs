using System.Buffers;
using System.Text.Json;
using Margay.Linux.Syscalls;
using Margay.Model.Datastore;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Cluster;

/// <summary>Changes parts of this node's object: subresource (null for none), media type and text of the patch.</summary>
internal delegate Task PatchNode(string? subresource, string mediaType, ReadOnlyMemory<byte> patch, CancellationToken stop);

/// <summary>
/// What the node service writes on the node's object that kubelet made: its interfaces, and whether pods have a network
/// (condition NetworkUnavailable, whose absence or truth keeps the scheduler away in some clusters). Nothing here is on the path of a pod.
/// </summary>
/// <param name="wires">Whether the pods' network is ours. Another plugin speaks for its own.</param>
/// <param name="patch">Writes.</param>
/// <param name="cluster">The node as the watch last told it.</param>
/// <param name="readInterfaces">The annotation as it should be.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class NodeReport(bool wires, PatchNode patch, ClusterCache cluster, Func<string> readInterfaces, TimeProvider time, ILogger<NodeReport> logger)
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(5);

    // Whom it was told about: a node that is made anew knows nothing.
    private string? _upFor;
    private string? _trouble;

    /// <summary>Keeps the object as it should be, from when the node serves on, until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true) await Task.Delay(await TryAsync(stop) ? _period : _retry, time, stop);
    }

    /// <summary>Writes what differs; false when the object is not there yet or could not be written.</summary>
    public async Task<bool> TryAsync(CancellationToken stop)
    {
        if (cluster.Node is not { } node) return false;
        try
        {
            string interfaces = readInterfaces();
            if (node.Metadata.Annotations?.GetValueOrDefault(NodeInterfaces.Annotation) != interfaces)
                await patch(null, "application/merge-patch+json", Annotated(interfaces), stop);
            if (wires && _upFor != node.Metadata.Uid)
            {
                await patch("status", "application/strategic-merge-patch+json", Available(), stop);
                _upFor = node.Metadata.Uid;
            }
            _trouble = null;
            return true;
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException or ApiException or LinuxException)
        {
            if (_trouble is null) logger.NodeNotReported(cause.Message);
            _trouble = cause.Message;
            return false;
        }
    }

    private static ReadOnlyMemory<byte> Annotated(string interfaces) => Json(json =>
    {
        json.WriteStartObject("metadata"u8);
        json.WriteStartObject("annotations"u8);
        json.WriteString(NodeInterfaces.Annotation, interfaces);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    // Kubernetes joins conditions by their type: those of others stay. Nothing takes this back: pods that come while a service is away wait
    // for the next one, and the taint of a node that Margay has left for good would keep all pods away from it.
    private ReadOnlyMemory<byte> Available() => Json(json =>
    {
        string now = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ");
        json.WriteStartObject("status"u8);
        json.WriteStartArray("conditions"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "NetworkUnavailable"u8);
        json.WriteString("status"u8, "False"u8);
        json.WriteString("reason"u8, "MargayIsUp"u8);
        json.WriteString("message"u8, "Margay attaches pods on this node"u8);
        json.WriteString("lastHeartbeatTime"u8, now);
        json.WriteString("lastTransitionTime"u8, now);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> content)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text);
        json.WriteStartObject();
        content(json);
        json.WriteEndObject();
        json.Flush();
        return text.WrittenMemory;
    }
}
