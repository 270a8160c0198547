using System.Net.Sockets;
using Margay.Cni.Wiring;
using Margay.Dataplane.Nftables;
using Margay.Foundation.Primitives;
using Margay.Linux.Nftables;
using Margay.Linux.Route;
using Margay.Node.Cni;
using Margay.Routing.Kernel;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Removal;

/// <summary>
/// Takes everything off a node that the node service put there: interfaces of pods, routes, the table, the state. For a
/// node that Margay leaves for good: pods that still run lose their network. May be repeated, and what is somebody else's stays.
/// </summary>
public sealed class NodeRemoval(INftables nftables, IRouteNetlink netlink, string runDirectory, ILogger<NodeRemoval> logger)
{
    /// <summary>
    /// Waits until no node service runs here any more: it would put everything back. One that leaves the wiring of pods to another
    /// plugin has no socket, and one that did not get the lock has nothing but the socket.
    /// </summary>
    public async Task WaitForServiceToEndAsync(string socket, TimeProvider time, CancellationToken stop)
    {
        bool told = false;
        while (ServiceLock.IsHeld(runDirectory) || Answers(socket))
        {
            if (!told) logger.WaitingForServiceToEnd(runDirectory);
            told = true;
            await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
        }
    }

    /// <summary>Removes. Interfaces first: nothing passes them once the table, which holds them closed, is gone.</summary>
    /// <exception cref="Margay.Linux.Syscalls.LinuxException">The kernel refused; the rest has been tried.</exception>
    public void Run()
    {
        var links = netlink.ListLinks().Where(IsOurs).ToList();
        var routes = ((IpFamily[])[IpFamily.V4, IpFamily.V6]).SelectMany(family => netlink.ListRoutes(family, KernelRoute.MainTable, new RouteOptions().Protocol)).ToList();
        netlink.Run([.. routes.Select(route => new DeleteRoute(route)), .. links.Select(link => new DeleteLink(link.Index))]);
        bool table = nftables.Read(NftablesDataplane.Table) is not null;
        if (table)
        {
            var transaction = new NftTransaction(NftablesDataplane.Table);
            transaction.Add(new NftDeleteTable());
            nftables.Commit(transaction);
        }
        // The folder itself may be a mount.
        if (Directory.Exists(runDirectory))
        {
            foreach (string folder in Directory.EnumerateDirectories(runDirectory)) Directory.Delete(folder, recursive: true);
            foreach (string file in Directory.EnumerateFiles(runDirectory)) File.Delete(file);
        }
        logger.NodeCleaned(links.Count, routes.Count, table);
    }

    // What is ours stands in the alias; what was about to be deleted has lost it and is in a group of its own.
    private static bool IsOurs(Link link) => link.Kind == "veth" && (AttachmentMark.TryParse(link.Alias, out _) || link.Group == PodWiring.RetiredGroup);

    private static bool Answers(string socket)
    {
        if (!File.Exists(socket)) return false;
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            connection.Connect(new UnixDomainSocketEndPoint(socket));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
