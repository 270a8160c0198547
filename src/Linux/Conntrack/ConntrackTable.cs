using Margay.Foundation.Primitives;
using Margay.Linux.Netlink;
using Margay.Linux.Syscalls;

namespace Margay.Linux.Conntrack;

/// <summary>The kernel's table of tracked connections.</summary>
public interface IConntrackTable
{
    /// <summary>Every connection of both families in the default zone.</summary>
    IReadOnlyList<ConntrackEntry> List();

    /// <summary>Forgets a connection: its next packet is a first packet again. False when it was already gone.</summary>
    bool Delete(ConntrackTuple original);

    /// <summary>Sets the bits of <paramref name="mask"/> in the connection's mark to those of <paramref name="value"/>. False when it is gone.</summary>
    bool Mark(ConntrackTuple original, uint value, uint mask);
}

/// <summary>
/// The table of one network namespace, over ctnetlink (<c>net/netfilter/nf_conntrack_netlink.c</c>).
/// </summary>
/// <param name="socket">A socket of <see cref="NetlinkProtocol.NETLINK_NETFILTER"/>, opened in that namespace.</param>
public sealed class ConntrackTable(NetlinkSocket socket) : IConntrackTable
{
    /// <inheritdoc/>
    public IReadOnlyList<ConntrackEntry> List()
    {
        var entries = new List<ConntrackEntry>();
        using var request = new NetlinkWriter(64);
        // AF_UNSPEC dumps both families.
        request.BeginMessage(ConntrackProtocol.Type(ConntrackProtocol.IPCTNL_MSG_CT_GET), NetlinkProtocol.NLM_F_DUMP);
        request.Header(new ConntrackProtocol.Header(0));
        request.EndMessage();
        socket.Dump(
            request,
            "list tracked connections",
            (in NetlinkMessage message) =>
            {
                if (ConntrackReader.TryRead(in message) is { } entry) entries.Add(entry);
            },
            entries.Clear);
        return entries;
    }

    /// <inheritdoc/>
    public bool Delete(ConntrackTuple original) =>
        Change(ConntrackProtocol.IPCTNL_MSG_CT_DELETE, original, $"delete the tracked connection {original}", _ => { });

    /// <inheritdoc/>
    public bool Mark(ConntrackTuple original, uint value, uint mask) =>
        // NEW without NLM_F_CREATE changes what is there.
        Change(ConntrackProtocol.IPCTNL_MSG_CT_NEW, original, $"mark the tracked connection {original}", request =>
        {
            request.U32Be(ConntrackProtocol.CTA_MARK, value);
            request.U32Be(ConntrackProtocol.CTA_MARK_MASK, mask);
        });

    private bool Change(ushort message, ConntrackTuple original, string attempt, Action<NetlinkWriter> attributes)
    {
        bool v4 = original.Source.Family == IpFamily.V4;
        using var request = new NetlinkWriter(256);
        request.BeginMessage(ConntrackProtocol.Type(message), NetlinkProtocol.NLM_F_ACK);
        request.Header(new ConntrackProtocol.Header(v4 ? ConntrackProtocol.AF_INET : ConntrackProtocol.AF_INET6));
        ConntrackWriter.Tuple(request, ConntrackProtocol.CTA_TUPLE_ORIG, original);
        attributes(request);
        request.EndMessage();
        try
        {
            socket.Request(request, attempt);
            return true;
        }
        catch (NetlinkException cause) when (cause.Errno == Errno.ENOENT)
        {
            return false;
        }
    }
}
