using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Margay.Linux.Conntrack;
using Margay.Linux.Namespaces;
using Margay.Linux.Netlink;
using Xunit;

namespace Margay.Kernel.Tests.Conntrack;

public sealed class ConntrackTableTests : IDisposable
{
    private const string Name = "kt-conntrack";
    private const string Path = "/run/netns/" + Name;

    public ConntrackTableTests()
    {
        if (File.Exists(Path)) Ip("netns", "del", Name);
        Ip("netns", "add", Name);
        Ip("-n", Name, "link", "set", "lo", "up");
        // Connections are tracked once a rule asks for it.
        Run("ip", ["netns", "exec", Name, "nft", "add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c ct state new counter"]);
    }

    public void Dispose() => Ip("netns", "del", Name);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Lists_a_connection_and_forgets_it_once(string address)
    {
        using var socket = NetlinkSocket.OpenIn(Path, NetlinkProtocol.NETLINK_NETFILTER);
        var table = new ConntrackTable(socket);
        var (listener, client) = NetworkNamespace.Run(Path, () =>
        {
            var listening = new Socket(SocketType.Stream, ProtocolType.Tcp);
            listening.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            listening.Listen();
            var connecting = new Socket(SocketType.Stream, ProtocolType.Tcp);
            connecting.Connect(listening.LocalEndPoint!);
            return (listening, connecting);
        });
        using (listener)
        using (client)
        {
            ushort port = (ushort)((IPEndPoint)client.LocalEndPoint!).Port;
            var entry = Assert.Single(table.List(), entry => entry.Original.SourcePort == port);

            Assert.Equal(6, entry.Original.Protocol);
            Assert.Equal(((IPEndPoint)listener.LocalEndPoint!).Port, entry.Original.DestinationPort);
            Assert.Equal(address, entry.Original.Destination.ToString());
            Assert.Equal(entry.Original.Source, entry.Reply.Destination);
            Assert.True(table.Mark(entry.Original, 0x0800_0000, 0x0800_0000));
            Assert.True(table.Mark(entry.Original, 0x1, 0x1));
            Assert.Equal(0x0800_0001u, Assert.Single(table.List(), marked => marked.Original == entry.Original).Mark);
            Assert.True(table.Delete(entry.Original));
            Assert.False(table.Mark(entry.Original, 0, 0x1));
            Assert.False(table.Delete(entry.Original));
            Assert.DoesNotContain(table.List(), left => left.Original.SourcePort == port);
        }
    }

    private static void Ip(params string[] arguments) => Run("ip", arguments);

    private static void Run(string program, string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
