using System.Collections.Concurrent;
using Margay.Cni.Protocol;
using Margay.Cni.Server;
using Margay.Cni.Wiring;

namespace Margay.Kernel.Tests.Cni;

/// <summary>A node service reduced to wiring: one address for each container, routes at once, no policy.</summary>
internal sealed class WiringBackend(WiringScene scene) : ICniBackend
{
    public ConcurrentDictionary<string, PodWiringRequest> Attached { get; } = new(StringComparer.Ordinal);

    public async ValueTask<CniOutcome> AddAsync(CniCall call, CancellationToken stop)
    {
        string address = call.Config.RuntimeConfig?.Ips?[0].Split('/')[0] ?? "10.65.0.1";
        var request = new PodWiringRequest
        {
            Mark = new AttachmentMark(call.ContainerId, call.IfName),
            NetNs = call.NetNs,
            HostInterface = call.Pod is { } pod ? HostInterfaceName.ForPod(pod.Namespace, pod.Name) : HostInterfaceName.ForContainer(call.ContainerId),
            Addresses = [Margay.Foundation.Primitives.IpAddr.Parse(address)],
            Mtu = call.Config.Mtu,
        };
        var wired = await scene.AddAsync(request, stop);
        Attached[call.ContainerId] = request;
        return CniOutcome.Added(PodResult.From(request, wired));
    }

    public async ValueTask<CniOutcome> DelAsync(CniCall call, CancellationToken stop)
    {
        await scene.Wiring.DeleteAsync(new AttachmentMark(call.ContainerId, call.IfName), null, stop);
        Attached.TryRemove(call.ContainerId, out _);
        return CniOutcome.Done;
    }

    public async ValueTask<CniOutcome> CheckAsync(CniCall call, CancellationToken stop)
    {
        if (!Attached.TryGetValue(call.ContainerId, out var request)) return CniOutcome.Failed(CniErrorCode.UnknownContainer, "Unknown.");
        var differences = await scene.Wiring.CheckAsync(request, stop);
        return differences.Count == 0 ? CniOutcome.Done : CniOutcome.Failed(CniErrorCode.CheckFailed, differences[0]);
    }

    public async ValueTask<CniOutcome> GcAsync(CniCall call, IReadOnlySet<AttachmentMark> valid, CancellationToken stop)
    {
        foreach (var wired in await scene.Wiring.ListAsync(stop))
            if (!valid.Contains(wired.Mark)) await scene.Wiring.DeleteAsync(wired.Mark, wired.HostInterface, stop);
        return CniOutcome.Done;
    }

    public ValueTask<CniOutcome> StatusAsync(CniCall call, CancellationToken stop) => new(CniOutcome.Done);
}
