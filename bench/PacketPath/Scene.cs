using System.Diagnostics;

namespace Margay.Bench.PacketPath;

/// <summary>
/// Two pods on one node, three network namespaces, wired as the CNI plugin wires them: client and server on either side
/// of a router. Everything is removed on disposal.
/// </summary>
internal sealed class Scene : IDisposable
{
    private readonly List<Process> _servers = [];

    public Scene(string name)
    {
        Node = name + "-node";
        Client = name + "-client";
        Server = name + "-server";
        Remove();
        Shell.Script($"""
            ip netns add {Node}
            ip netns add {Client}
            ip netns add {Server}
            ip -n {Node} link set lo up
            """);
        Wire(Client, ClientInterface, ClientAddress);
        Wire(Server, ServerInterface, ServerAddress);
        Shell.Run("ip", "netns", "exec", Node, "sysctl", "-qw", "net.ipv4.ip_forward=1");
    }

    public const string ClientInterface = "caliclient";
    public const string ServerInterface = "caliserver";
    public const string ClientAddress = "10.77.0.1";
    public const string ServerAddress = "10.77.0.2";

    public string Node { get; }

    public string Client { get; }

    public string Server { get; }

    /// <summary>Starts the answering side on port 8080, pinned to processor 0.</summary>
    public void StartServer()
    {
        var server = Shell.Start("ip", "netns", "exec", Server, "taskset", "-c", "0", Environment.ProcessPath!, "probe-server", ServerAddress, "8080");
        _servers.Add(server);
        if (server.StandardOutput.ReadLine() != "listening")
            throw new InvalidOperationException("The probe server did not start: " + server.StandardError.ReadToEnd());
    }

    /// <summary>Runs the asking side, pinned to the same processor; median microseconds.</summary>
    public double Measure(bool connectEachTime, double seconds = 1) =>
        double.Parse(Shell.Run(
            "ip", "netns", "exec", Client, "taskset", "-c", "0", Environment.ProcessPath!, "probe-client", ServerAddress, "8080",
            connectEachTime ? "crr" : "rr", $"{seconds}"));

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.Dispose();
        }
        Remove();
    }

    private void Wire(string pod, string hostInterface, string address) => Shell.Script($"""
        ip -n {Node} link add {hostInterface} address ee:ee:ee:ee:ee:ee type veth peer name eth0 netns {pod}
        ip -n {Node} link set {hostInterface} up
        ip -n {pod} link set lo up
        ip -n {pod} link set eth0 up
        ip -n {pod} addr add {address}/32 dev eth0
        ip -n {pod} route add 169.254.1.1 dev eth0 scope link
        ip -n {pod} route add default via 169.254.1.1 dev eth0
        ip -n {pod} neigh add 169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee nud permanent
        ip -n {Node} route add {address} dev {hostInterface} scope link
        """);

    private void Remove()
    {
        foreach (var name in new[] { Client, Server, Node })
        {
            if (File.Exists("/run/netns/" + name)) Shell.Run("ip", "netns", "del", name);
        }
    }
}
