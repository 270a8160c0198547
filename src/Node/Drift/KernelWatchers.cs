using Margay.Linux.Netlink;
using Margay.Node.Engine;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Drift;

/// <summary>The watcher of our nftables table; routes have theirs in the route data plane.</summary>
internal static class KernelWatchers
{
    private const int NFNLGRP_NFTABLES = 7;
    private const ushort NFT_MSG_NEWGEN = 0x0a0f;
    private const ushort FirstAttribute = 1;
    private const ushort NFTA_GEN_PROC_PID = 2;

    /// <summary>Changes to <paramref name="table"/> by any process but this one (<c>net/netfilter/nf_tables_api.c</c>).</summary>
    public static KernelWatcher Nftables(string table, NodeEngine engine, ILogger logger)
    {
        bool ours = false;
        bool foreign = false;
        return new KernelWatcher(
            "nftables",
            () =>
            {
                var socket = NetlinkSocket.Open(NetlinkProtocol.NETLINK_NETFILTER);
                socket.Join(NFNLGRP_NFTABLES);
                return socket;
            },
            () => (in NetlinkMessage message) =>
            {
                var attributes = message.Attributes<uint>();
                if (message.Type != NFT_MSG_NEWGEN)
                {
                    // The first attribute of every other message is the name of the table.
                    if (attributes.TryNext(out var first) && first.Type == FirstAttribute) ours |= first.Text == table;
                    return;
                }
                // A batch ends with the number of its generation and who sent it.
                while (attributes.TryNext(out var attribute))
                {
                    if (attribute.Type == NFTA_GEN_PROC_PID && !IsThreadOfOurs(attribute.U32Be)) foreign |= ours;
                }
                ours = false;
            },
            () => Take(ref foreign),
            engine,
            logger);
    }

    // The kernel reports the thread. One that has ended meanwhile counts as foreign: comparing then finds nothing.
    private static bool IsThreadOfOurs(uint thread) => Directory.Exists($"/proc/self/task/{thread}");

    private static bool Take(ref bool flag)
    {
        bool value = flag;
        flag = false;
        return value;
    }
}
