using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Margay.Lab.Topology;

namespace Margay.Lab.Commands;

/// <summary>The stored specification of a lab.</summary>
internal static class LabStore
{
    private const int PreferredPort = 16443;

    public static LabSpec? Find(LabLayout layout) =>
        File.Exists(layout.SpecFile) ? JsonSerializer.Deserialize(File.ReadAllText(layout.SpecFile), LabSpecJson.Default.LabSpec) : null;

    public static LabSpec Require(LabLayout layout) =>
        Find(layout) ?? throw new LabException($"there is no lab \"{layout.Lab}\" ({layout.SpecFile} does not exist); \"margay lab up\" makes one");

    public static void Save(LabSpec spec, LabLayout layout)
    {
        Directory.CreateDirectory(layout.State);
        Directory.CreateDirectory(layout.Logs);
        Directory.CreateDirectory(layout.Run);
        File.WriteAllText(layout.SpecFile + ".new", JsonSerializer.Serialize(spec, LabSpecJson.Default.LabSpec));
        File.Move(layout.SpecFile + ".new", layout.SpecFile, overwrite: true);
    }

    /// <summary>What the lab is to be: what it is already, with what the options add. Contradictions are refused.</summary>
    public static LabSpec Merge(LabSpec? existing, LabUpOptions options, IReadOnlyList<OutsideHost> outside)
    {
        if (existing is not null && options.Nodes is { } asked && asked != existing.Nodes)
            throw new LabException($"lab \"{existing.Name}\" has {existing.Nodes} nodes, not {asked}; take it down first");
        if (existing is not null && options.ApiPort != 0 && options.ApiPort != existing.ApiPort)
            throw new LabException($"lab \"{existing.Name}\" has port {existing.ApiPort}, not {options.ApiPort}; take it down first");
        var spec = new LabSpec
        {
            Name = options.Name,
            Nodes = options.Nodes ?? existing?.Nodes ?? 3,
            ApiPort = existing?.ApiPort ?? (options.ApiPort != 0 ? options.ApiPort : FreePort()),
            Binaries = Path.GetFullPath(options.Binaries ?? existing?.Binaries ?? AppContext.BaseDirectory).TrimEnd('/'),
            Outside = [.. (existing?.Outside ?? []).Where(host => outside.All(other => other.Name != host.Name)), .. outside],
        };
        return spec.Mistakes().ToList() is { Count: > 0 } mistakes ? throw new LabException(string.Join("; ", mistakes)) : spec;
    }

    private static int FreePort() => IsFree(PreferredPort) ? PreferredPort : AnyFreePort();

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int AnyFreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
