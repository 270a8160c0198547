using Margay.Foundation.Concurrency;
using Margay.Foundation.Primitives;
using Margay.Linux.Namespaces;
using Margay.Linux.Route;
using Margay.Linux.Syscalls;
using Microsoft.Extensions.Logging;

namespace Margay.Cni.Wiring;

/// <summary>
/// Connects pods to their node: a veth pair, /32 and /128 addresses, a gateway that is the pair's other end. Routes to
/// pods on the host are not made here: they follow from the data plane contract. Every operation may be repeated after a
/// crash at any point and ends the same.
/// </summary>
public sealed class PodWiring : IDisposable
{
    /// <summary>The group of interfaces that are about to be deleted.</summary>
    public const uint RetiredGroup = LinkReaper.Group;

    private readonly KeyedLock _byHostInterface = new();
    private readonly WiringLanes _lanes;
    private readonly string? _hostNamespace;
    private readonly LinkReaper _reaper;

    /// <summary>Wiring for the node whose namespace this is.</summary>
    /// <param name="logger">Where failures behind DEL's back are told.</param>
    /// <param name="hostNamespace">The path of the node's namespace; null: this process's own.</param>
    public PodWiring(ILogger<PodWiring> logger, string? hostNamespace = null)
    {
        _hostNamespace = hostNamespace;
        _lanes = new WiringLanes(Open);
        _reaper = new LinkReaper(Open, logger);

        IRouteNetlink Open() => hostNamespace is null ? RouteNetlink.Open() : RouteNetlink.OpenIn(hostNamespace);
    }

    /// <summary>Connects a pod. What exists of the same attachment is kept and completed; anything else of that name gives way.</summary>
    /// <exception cref="FileNotFoundException">The pod's namespace does not exist.</exception>
    /// <exception cref="PodWiringException">Something stands in the way that is not ours to remove.</exception>
    /// <exception cref="LinuxException">The kernel refused; nothing is left behind.</exception>
    public async Task<PodWiringResult> AddAsync(PodWiringRequest request, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var turn = await _byHostInterface.AcquireAsync(request.HostInterface, stop);
        try
        {
            if (await _lanes.RunAsync(host => TryAdd(host, request), stop) is { } done) return done;
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // The container's interface may be the other end of one that has retired and is about to go.
        }
        await _reaper.FlushAsync();
        return await _lanes.RunAsync(host => Add(host, request, host.FindLink(request.HostInterface)), stop);
    }

    /// <summary>Compares a pod's wiring with what <see cref="AddAsync"/> makes.</summary>
    /// <returns>One sentence for each difference; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(PodWiringRequest request, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var turn = await _byHostInterface.AcquireAsync(request.HostInterface, stop);
        return await _lanes.RunAsync<IReadOnlyList<string>>(
            host =>
            {
                var onHost = HostSide.Differences(host.FindLink(request.HostInterface), request).ToList();
                return [.. onHost, .. InPod(request.NetNs, netlink => PodSide.Differences(netlink, request).ToList())];
            },
            stop);
    }

    /// <summary>
    /// Disconnects a container: its host interface retires, and is deleted soon after. Nothing there is fine. The
    /// caller has taken away policy and routes before, so that nothing passes in between.
    /// </summary>
    /// <param name="mark">Whose interface.</param>
    /// <param name="hostInterface">Its name when it is known; null: it is looked for.</param>
    /// <param name="stop">Ends when the caller gives up.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> DeleteAsync(AttachmentMark mark, string? hostInterface, CancellationToken stop)
    {
        hostInterface ??= (await ListAsync(stop)).FirstOrDefault(a => a.Mark == mark).HostInterface;
        if (hostInterface is null) return false;
        using var turn = await _byHostInterface.AcquireAsync(hostInterface, stop);
        bool retired = await _lanes.RunAsync(host => Retire(host, hostInterface, mark), stop);
        if (retired) _reaper.Kick();
        return retired;
    }

    /// <summary>The attachments that have a host interface.</summary>
    public Task<IReadOnlyList<WiredAttachment>> ListAsync(CancellationToken stop) => _lanes.RunAsync<IReadOnlyList<WiredAttachment>>(
        host =>
        {
            var found = new List<WiredAttachment>();
            foreach (var link in host.ListLinks())
                if (link.Group != LinkReaper.Group && AttachmentMark.TryParse(link.Alias, out var mark))
                    found.Add(new WiredAttachment(mark, link.Name));
            return found;
        },
        stop);

    /// <summary>Deletes what retired and was left by an earlier process, and waits for what is retiring now.</summary>
    public Task FlushAsync() => _reaper.FlushAsync();

    /// <inheritdoc/>
    public void Dispose()
    {
        _reaper.Dispose();
        _lanes.Dispose();
    }

    // A creation that died before it could mark its interface left it without an alias.
    private static bool MayRemove(Link link, AttachmentMark mark) => link.Kind == "veth" && (link.Alias.Length == 0 || link.Alias == mark.ToString());

    private static bool Retire(IRouteNetlink netlink, string hostInterface, AttachmentMark mark)
    {
        if (netlink.FindLink(hostInterface) is not { Group: not LinkReaper.Group } link || !MayRemove(link, mark)) return false;
        try
        {
            netlink.Run(new ChangeLink(link.Index, new LinkChange { Group = LinkReaper.Group, Alias = "" }));
            return true;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENODEV)
        {
            return false;
        }
    }

    // Null when one of that name has retired and must be gone first.
    private PodWiringResult? TryAdd(IRouteNetlink netlink, PodWiringRequest request)
    {
        var known = netlink.FindLink(request.HostInterface);
        return known is { Group: LinkReaper.Group } ? null : Add(netlink, request, known);
    }

    private PodWiringResult Add(IRouteNetlink netlink, PodWiringRequest request, Link? host)
    {
        using var ns = File.OpenHandle(request.NetNs);
        if (host is not null && !CanKeep(host, request))
        {
            if (host.Kind != "veth") throw new PodWiringException($"The host has an interface {host.Name} that is no veth; remove or rename it.");
            netlink.Run(new DeleteLink(host.Index));
            host = null;
        }
        bool isNew = host is null;
        try
        {
            host ??= Create(netlink, request, ns);
            // Both ends here: the "pod" would get its default route in the node's own namespace.
            if (host.PeerNamespaceId is null) throw new PodWiringException($"{request.NetNs} is the node's own network namespace.");
            var pod = InPod(request.NetNs, inside => PodSide.Program(inside, request, isNew));
            InHost(() => HostSide.WriteSettings(host.Name, request.Families.Contains(IpFamily.V6)));
            netlink.Run([.. HostSide.Program(host, pod, request)]);
            return new PodWiringResult(host.Index, host.Name, pod.Address, request.Mtu == 0 ? host.Mtu : request.Mtu);
        }
        catch when (isNew && host is not null)
        {
            netlink.TryRun([new DeleteLink(host.Index)]);
            throw;
        }
    }

    private static Link Create(IRouteNetlink netlink, PodWiringRequest request, Microsoft.Win32.SafeHandles.SafeFileHandle ns)
    {
        netlink.Run(new CreateVeth(new VethPair
        {
            Name = request.HostInterface,
            PeerName = request.Mark.IfName,
            PeerNamespace = ns,
            Address = PodGateway.HostMac,
            PeerAddress = request.Mac,
            Mtu = request.Mtu,
        }));
        return netlink.FindLink(request.HostInterface) ?? throw new PodWiringException($"{request.HostInterface} disappeared while it was made.");
    }

    // The same attachment, and its other end is where and what the request says: the runtime repeats an ADD.
    private static bool CanKeep(Link host, PodWiringRequest request)
    {
        if (host.Kind != "veth" || host.Alias != request.Mark.ToString()) return false;
        return InPod(request.NetNs, netlink => netlink.FindLink(request.Mark.IfName) is { Kind: "veth" } pod && pod.Peer == host.Index && host.Peer == pod.Index);
    }

    private static T InPod<T>(string path, Func<IRouteNetlink, T> inside) => NetworkNamespace.Run(path, () =>
    {
        using var netlink = RouteNetlink.Open();
        return inside(netlink);
    });

    private void InHost(Action inside)
    {
        if (_hostNamespace is null) inside();
        else NetworkNamespace.Run(_hostNamespace, inside);
    }
}
