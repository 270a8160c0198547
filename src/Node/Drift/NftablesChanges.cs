using Margay.Linux.Netlink;

namespace Margay.Node.Drift;

/// <summary>
/// Tells changes that others make to one table of nftables from our own, by the port of the socket that asked for them
/// (<c>net/netfilter/nf_tables_api.c</c>: each notification has it in its header). The process that the kernel names too is a thread,
/// which may have ended, in the numbers of the machine, which a container does not know.
/// </summary>
internal sealed class NftablesChanges(string table, uint own)
{
    private const int NFNLGRP_NFTABLES = 7;
    private const ushort NFT_MSG_NEWGEN = 0x0a0f;
    private const ushort FirstAttribute = 1;

    private bool _foreign;

    /// <summary>Listens to all changes, in the caller's network namespace or in the one at a path.</summary>
    public static NetlinkSocket Open(string? path = null)
    {
        var socket = path is null ? NetlinkSocket.Open(NetlinkProtocol.NETLINK_NETFILTER) : NetlinkSocket.OpenIn(path, NetlinkProtocol.NETLINK_NETFILTER);
        socket.Join(NFNLGRP_NFTABLES);
        return socket;
    }

    /// <summary>Takes a notification.</summary>
    public void Read(in NetlinkMessage message)
    {
        if (message.Port == own || message.Type == NFT_MSG_NEWGEN) return;
        // The first attribute of every message but that of the generation is the name of the table.
        if (message.Attributes<uint>().TryNext(out var first) && first.Type == FirstAttribute) _foreign |= first.Text == table;
    }

    /// <summary>Whether somebody else changed the table since this was last asked.</summary>
    public bool TakeForeign()
    {
        bool foreign = _foreign;
        _foreign = false;
        return foreign;
    }
}
