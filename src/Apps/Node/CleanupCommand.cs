using System.CommandLine;
using Margay.Linux.Netlink;
using Margay.Linux.Nftables;
using Margay.Linux.Route;
using Margay.Linux.Syscalls;
using Margay.Node.Removal;
using Microsoft.Extensions.Logging;

namespace Margay.Apps.Node;

/// <summary><c>margay-node cleanup</c>: for a node that Margay leaves.</summary>
internal static class CleanupCommand
{
    public static Command Create(Option<string> runDirectory, Option<string?> cniSocket)
    {
        var command = new Command("cleanup", "Remove pod interfaces, routes, the nftables table and state of Margay from this node, once no node service runs.")
        {
            runDirectory, cniSocket,
        };
        command.SetAction(async (given, stop) =>
        {
            string folder = given.GetValue(runDirectory)!;
            using var logging = NodeLogging.Create(LogLevel.Information);
            using var socket = NetlinkSocket.Open(NetlinkProtocol.NETLINK_NETFILTER);
            using var nftables = new KernelNftables(socket);
            using var netlink = RouteNetlink.Open();
            var removal = new NodeRemoval(nftables, netlink, folder, logging.CreateLogger<NodeRemoval>());
            try
            {
                await removal.WaitForServiceToEndAsync(given.GetValue(cniSocket) ?? Path.Combine(folder, "cni.sock"), TimeProvider.System, stop);
                removal.Run();
                return 0;
            }
            catch (Exception cause) when (cause is LinuxException or IOException)
            {
                await Console.Error.WriteLineAsync($"margay-node cleanup: {cause.Message}");
                return 1;
            }
        });
        return command;
    }
}
