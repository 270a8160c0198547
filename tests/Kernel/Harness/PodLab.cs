using Margay.Foundation.Primitives;
using Margay.Linux.Conntrack;
using Margay.Linux.Namespaces;
using Margay.Linux.Netlink;

namespace Margay.Kernel.Tests.Harness;

/// <summary>A machine of the lab: a network namespace with an address of each family.</summary>
internal sealed record LabHost(string Name, TestNamespace Namespace, IpAddr V4, IpAddr V6)
{
    public IpAddr Address(IpFamily family) => family == IpFamily.V4 ? V4 : V6;
}

/// <summary>
/// A node with pods behind it, wired as the CNI plugin does (/32 and /128, host interfaces cali...), and one machine outside.
/// Nothing but the kernel: policy comes from the driver under test, programmed into <see cref="Node"/>.
/// </summary>
internal sealed class PodLab : IDisposable
{
    private readonly Dictionary<string, LabHost> _hosts = [];

    public PodLab(params ReadOnlySpan<string> pods)
    {
        var node = new TestNamespace("node");
        Forward(node);
        _hosts["node"] = new LabHost("node", node, IpAddr.Parse("198.51.100.1"), IpAddr.Parse("2001:db8::1"));
        var outside = new TestNamespace("outside");
        Forward(outside);
        _hosts["outside"] = new LabHost("outside", outside, IpAddr.Parse("198.51.100.2"), IpAddr.Parse("2001:db8::2"));
        Batch(
            $"-n {node.Name} link add eth0 type veth peer name eth0 netns {outside.Name}",
            $"-n {node.Name} addr add 198.51.100.1/24 dev eth0", $"-n {node.Name} addr add 2001:db8::1/64 dev eth0 nodad",
            $"-n {outside.Name} addr add 198.51.100.2/24 dev eth0", $"-n {outside.Name} addr add 2001:db8::2/64 dev eth0 nodad",
            $"-n {node.Name} link set eth0 up", $"-n {outside.Name} link set eth0 up",
            $"-n {outside.Name} route add 10.65.0.0/16 via 198.51.100.1", $"-n {outside.Name} route add fd65::/64 via 2001:db8::1");
        foreach (string pod in pods) AddPod(pod);
    }

    public LabHost Node => _hosts["node"];

    public LabHost this[string name] => _hosts[name];

    public static string HostInterface(string pod) => "cali" + pod;

    /// <summary>Gives a machine a second name with another IPv4 address: <c>name:machine=address</c>.</summary>
    public void Alias(string text)
    {
        string name = text[..text.IndexOf(':', StringComparison.Ordinal)];
        string machine = text[(name.Length + 1)..text.IndexOf('=', StringComparison.Ordinal)];
        _hosts[name] = _hosts[machine] with { Name = name, V4 = IpAddr.Parse(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]) };
    }

    public void AddPod(string name)
    {
        var pod = new TestNamespace(name);
        Forward(pod);
        int number = _hosts.Count;
        _hosts[name] = new LabHost(name, pod, IpAddr.Parse($"10.65.0.{number}"), IpAddr.Parse($"fd65::{number:x}"));
        string node = Node.Namespace.Name, host = HostInterface(name);
        Batch(
            $"-n {node} link add {host} address ee:ee:ee:ee:ee:ee type veth peer name eth0 netns {pod.Name}",
            $"-n {node} link set {host} up", $"-n {pod.Name} link set eth0 up",
            $"-n {pod.Name} addr add 10.65.0.{number}/32 dev eth0", $"-n {pod.Name} addr add fd65::{number:x}/128 dev eth0 nodad",
            $"-n {pod.Name} route add 169.254.1.1 dev eth0 scope link", $"-n {pod.Name} route add default via 169.254.1.1 dev eth0",
            $"-n {pod.Name} neigh add 169.254.1.1 lladdr ee:ee:ee:ee:ee:ee dev eth0 nud permanent",
            $"-n {pod.Name} route add default via fe80::ecee:eeff:feee:eeee dev eth0",
            $"-n {node} route add 10.65.0.{number}/32 dev {host} scope link", $"-n {node} route add fd65::{number:x}/128 dev {host}");
    }

    /// <summary>
    /// Empties the node's connection tracking. A probe is a first packet only then: echo identifiers and ephemeral ports
    /// come round, and one that an earlier scenario allowed would be let through as established.
    /// </summary>
    public void ForgetConnections() => NetworkNamespace.Run(Node.Namespace.Path, static () =>
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.NETLINK_NETFILTER);
        var table = new ConntrackTable(socket);
        foreach (var entry in table.List()) table.Delete(entry.Original);
    });

    public void Dispose()
    {
        foreach (var host in _hosts.Values) host.Namespace.Dispose();
    }

    private static void Batch(params ReadOnlySpan<string> commands)
    {
        foreach (string command in commands) Command.Run("ip", command.Split(' '));
    }

    private static void Forward(TestNamespace ns) => NetworkNamespace.Run(ns.Path, static () =>
    {
        File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
        foreach (string scope in new[] { "all", "default" }) File.WriteAllText($"/proc/sys/net/ipv6/conf/{scope}/forwarding", "1");
    });
}
