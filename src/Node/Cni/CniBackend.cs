using Margay.Cni.Protocol;
using Margay.Cni.Server;
using Margay.Cni.Wiring;
using Margay.Linux.Syscalls;
using Margay.Node.Cluster;
using Margay.Node.Connections;
using Margay.Node.Endpoints;
using Margay.Node.Engine;
using Margay.Node.Health;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Margay.Node.Cni;

/// <summary>
/// Attaches and detaches pods. The order is the promise: address, record on disk, policy in the kernel, interface, route,
/// answer; and backwards for detaching. Whatever step a crash interrupts, repeating the call ends the same.
/// </summary>
internal sealed class CniBackend(
    string nodeName, PodLookup pods, ClusterCache cluster, NodeEngine engine, LocalEndpointStore endpoints, CniAddresses addresses, ContainerHandles handles,
    PodWiring wiring, ConnectionCutter connections, NodeHealth health, ILogger<CniBackend> logger) : ICniBackend
{
    private static readonly TimeSpan _detachPatience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async ValueTask<CniOutcome> AddAsync(CniCall call, CancellationToken stop)
    {
        using var timer = NodeMetrics.CniRequests.WithLabels("add", "all").NewTimer();
        if (Unfit(call) is { } unfit) return CniOutcome.Failed(unfit);
        if (!health.InSync)
            return CniOutcome.Failed(CniErrorCode.TryAgainLater, "The node service has not read the whole policy yet.", health.NotReadyReason);
        var name = call.Pod!;
        var (pod, unknown) = await pods.FindAsync(name, stop);
        if (pod is null) return CniOutcome.Failed(unknown!);

        string handle = CniAddresses.HandleOf(call);
        bool first = await handles.TakeAsync(handle, stop);
        var (given, error) = await InStepAsync("address", addresses.AssignAsync(call, pod, first, stop));
        if (error is not null) return CniOutcome.Failed(error);
        var record = new LocalEndpointRecord
        {
            ContainerId = call.ContainerId,
            Namespace = name.Namespace,
            Name = name.Name,
            Interface = call.IfName,
            HostInterface = HostInterfaceName.ForPod(name.Namespace, name.Name),
            NetworkNamespace = call.NetNs,
            Handle = handle,
            Addresses = [.. given.Select(address => address.ToString())],
        };
        var request = ToWiring(record, call);
        try
        {
            endpoints.Put(record);
            health.Endpoints(endpoints.All.Count);
            // It waits for a pod that the watch has not told yet, and not for one that it has told to be gone.
            bool programmed = await InStepAsync("policy", cluster.Ends.WhileThereAsync(
                pod.Metadata.Uid ?? "", ended => engine.SendAndWaitAsync(new EndpointWired(record, pod.Metadata.Uid), ended), stop));
            if (!programmed)
            {
                await DetachAsync(record.Mark, record, handle, CancellationToken.None);
                return CniOutcome.Failed(PodLookup.Gone(name));
            }
            var wired = await InStepAsync("interface", wiring.AddAsync(request, stop));
            await InStepAsync("route", engine.SendAndWaitAsync(new InterfaceMade(record), stop));
            return CniOutcome.Added(PodResult.From(request, wired));
        }
        catch (OperationCanceledException) when (engine.IsStopping)
        {
            // This service ends. What is done stays; the plugin asks the next service, which goes on from it.
            throw;
        }
        catch (Exception cause)
        {
            logger.AddRolledBack(name.ToString(), call.ContainerId, cause);
            await DetachAsync(record.Mark, record, handle, CancellationToken.None);
            return cause switch
            {
                OperationCanceledException => CniOutcome.Failed(CniErrorCode.TryAgainLater, "The pod's policy was not in the kernel in time.", health.NotReadyReason),
                FileNotFoundException => CniOutcome.Failed(CniErrorCode.UnknownContainer, $"The network namespace {call.NetNs} does not exist.", cause.Message),
                PodWiringException or LinuxException => CniOutcome.Failed(CniErrorCode.Wiring, "The pod's interface could not be made.", cause.Message),
                _ => CniOutcome.Failed(CniErrorCode.Internal, "The pod could not be attached.", cause.Message),
            };
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CniOutcome> DelAsync(CniCall call, CancellationToken stop)
    {
        using var timer = NodeMetrics.CniRequests.WithLabels("del", "all").NewTimer();
        var mark = new AttachmentMark(call.ContainerId, call.IfName);
        var record = endpoints.Find(mark);
        await DetachAsync(mark, record, record?.Handle ?? CniAddresses.HandleOf(call), stop);
        return CniOutcome.Done;
    }

    /// <inheritdoc/>
    public async ValueTask<CniOutcome> CheckAsync(CniCall call, CancellationToken stop)
    {
        if (endpoints.Find(new AttachmentMark(call.ContainerId, call.IfName)) is not { } record)
            return CniOutcome.Failed(CniErrorCode.CheckFailed, $"Container {call.ContainerId} is not attached to this network.");
        var differences = await wiring.CheckAsync(ToWiring(record, call), stop);
        return differences.Count == 0
            ? CniOutcome.Done
            : CniOutcome.Failed(CniErrorCode.CheckFailed, "The attachment differs from what ADD made.", string.Join(' ', differences));
    }

    /// <inheritdoc/>
    public async ValueTask<CniOutcome> GcAsync(CniCall call, IReadOnlySet<AttachmentMark> valid, CancellationToken stop)
    {
        var known = endpoints.All.ToDictionary(record => record.Mark);
        foreach (var mark in known.Keys.Concat((await wiring.ListAsync(stop)).Select(wired => wired.Mark)).Distinct().Where(mark => !valid.Contains(mark)).ToArray())
        {
            var record = known.GetValueOrDefault(mark);
            logger.Collected(mark.ContainerId, record is null ? "?" : $"{record.Namespace}/{record.Name}");
            await DetachAsync(mark, record, record?.Handle ?? CniAddresses.HandleOf(call with { ContainerId = mark.ContainerId }), stop);
        }
        return CniOutcome.Done;
    }

    /// <inheritdoc/>
    public ValueTask<CniOutcome> StatusAsync(CniCall call, CancellationToken stop) => ValueTask.FromResult(
        health.NotReadyReason is { } reason
            ? CniOutcome.Failed(CniErrorCode.PluginNotAvailable, "The node service cannot attach pods now.", reason)
            : CniOutcome.Done);

    /// <summary>Takes everything of an attachment away, whatever of it there is.</summary>
    private async Task DetachAsync(AttachmentMark mark, LocalEndpointRecord? record, string handle, CancellationToken stop)
    {
        if (record is not null)
        {
            // The pod may have another sandbox already: then that one's addresses and interface are the pod's.
            await engine.SendAsync(endpoints.FindOther(record) is { } other ? new EndpointWired(other) : new EndpointUnwired(record), stop);
        }
        await wiring.DeleteAsync(mark, record?.HostInterface, stop);
        if (record is not null)
        {
            // Policy and route go before the address may be given to another pod.
            if (health.InSync) await WaitForKernelAsync(stop);
            connections.Forget(record.ParsedAddresses);
        }
        await handles.ReleaseAsync(handle, stop);
        endpoints.Remove(mark);
        health.Endpoints(endpoints.All.Count);
    }

    // A kernel that refuses for long must not hold up the runtime for ever: it asks again, and what is left to do stays on record.
    private async Task WaitForKernelAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_detachPatience);
        try
        {
            await engine.SendAndWaitAsync(new TryPending(), limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested && !engine.IsStopping)
        {
            throw new TimeoutException($"The kernel does not take the pod's policy and routes away: {health.NotReadyReason ?? "it has not answered"}.");
        }
    }

    private static async Task InStepAsync(string step, Task running)
    {
        using (NodeMetrics.CniStep(step)) await running;
    }

    private static async Task<T> InStepAsync<T>(string step, Task<T> running)
    {
        using (NodeMetrics.CniStep(step)) return await running;
    }

    private CniError? Unfit(CniCall call)
    {
        if (call.Pod is null)
            return new CniError(CniErrorCode.InvalidEnvironment, "CNI_ARGS names no pod.", "K8S_POD_NAMESPACE and K8S_POD_NAME are needed: policy is about pods.");
        if (call.Config.NodeName is { Length: > 0 } name && name != nodeName)
            return new CniError(CniErrorCode.InvalidNetworkConfig, $"nodename is '{name}', but this node service is that of '{nodeName}'.", "Mend nodename or socket in the configuration.");
        return null;
    }

    private static PodWiringRequest ToWiring(LocalEndpointRecord record, CniCall call) => new()
    {
        Mark = record.Mark,
        NetNs = call.NetNs,
        HostInterface = record.HostInterface,
        Addresses = record.ParsedAddresses,
        Mtu = call.Config.Mtu,
        Mac = call.Config.RuntimeConfig?.Mac is { Length: > 0 } mac ? Linux.Route.MacAddress.Parse(mac) : null,
    };
}
