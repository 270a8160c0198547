using System.Runtime.InteropServices;
using Margay.Kernel.Tests.Harness;
using Margay.Linux.Namespaces;
using Margay.Linux.Netlink;
using Margay.Linux.Syscalls;
using Xunit;

namespace Margay.Kernel.Tests.Netlink;

public sealed class NetlinkSocketTests
{
    private const ushort RTM_DELLINK = 17;
    private const ushort RTM_GETLINK = 18;
    private const ushort IFLA_IFNAME = 3;

    [Fact]
    public void Dumps_the_links_of_the_namespace_it_was_opened_in()
    {
        using var ns = new TestNamespace();
        ns.Ip("link", "add", "v0", "type", "veth", "peer", "name", "v1");
        using var socket = NetlinkSocket.OpenIn(ns.Path, NetlinkProtocol.NETLINK_ROUTE);
        using var request = new NetlinkWriter();
        request.BeginMessage(RTM_GETLINK, NetlinkProtocol.NLM_F_DUMP);
        request.Header(default(LinkHeader));
        request.EndMessage();

        var names = socket.DumpAll(request, "list links", NameOf);

        Assert.Equal(["lo", "v0", "v1"], names.Order());
    }

    [Fact]
    public void A_refusal_names_the_attempt_and_the_error()
    {
        using var ns = new TestNamespace();
        using var socket = NetlinkSocket.OpenIn(ns.Path, NetlinkProtocol.NETLINK_ROUTE);
        using var request = new NetlinkWriter();
        request.BeginMessage(RTM_DELLINK, NetlinkProtocol.NLM_F_ACK);
        request.Header(new LinkHeader { Index = 4711 });
        request.EndMessage();

        var refusal = Assert.Throws<NetlinkException>(() => socket.Request(request, "delete link 4711"));

        Assert.Equal(Errno.ENODEV, refusal.Errno);
        Assert.Contains("delete link 4711", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entering_a_namespace_leaves_the_calling_thread_where_it_was()
    {
        using var ns = new TestNamespace();
        string before = Self();
        string inside = NetworkNamespace.Run(ns.Path, Self);

        Assert.NotEqual(before, inside);
        Assert.Equal(before, Self());
        Assert.Throws<FileNotFoundException>(() => NetworkNamespace.Run("/run/netns/mt-none", Self));
    }

    private static string Self() => new FileInfo("/proc/thread-self/ns/net").LinkTarget!;

    private static string? NameOf(in NetlinkMessage message)
    {
        var attributes = message.Attributes<LinkHeader>();
        while (attributes.TryNext(out var attribute))
        {
            if (attribute.Type == IFLA_IFNAME) return attribute.Text;
        }
        return null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LinkHeader
    {
        public byte Family;
        public byte Padding;
        public ushort Type;
        public int Index;
        public uint Flags;
        public uint Change;
    }
}
