using Margay.Cni.Protocol;

namespace Margay.Cni.Wire;

/// <summary>Where plugin and node service meet.</summary>
/// <param name="Socket">The node service's Unix socket.</param>
/// <param name="RunDirectory">State that lasts until the next boot.</param>
public sealed record CniPaths(string Socket, string RunDirectory)
{
    /// <summary>The socket's name in the run directory.</summary>
    public const string SocketName = "cni.sock";

    /// <summary>The directory and the socket when the configuration names none.</summary>
    public static CniPaths Default { get; } = new("/run/margay/cni.sock", "/run/margay");

    /// <summary>Containers deleted while the service was away.</summary>
    public string Tombstones => Path.Combine(RunDirectory, "cni", "deleted");

    /// <summary>What a configuration says; a socket alone moves the run directory to where it is.</summary>
    public static CniPaths Of(CniNetworkConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        string socket = config.Socket is { Length: > 0 } s ? s : config.RunDir is { Length: > 0 } d ? Path.Combine(d, SocketName) : Default.Socket;
        return new CniPaths(socket, config.RunDir is { Length: > 0 } run ? run : Path.GetDirectoryName(socket) ?? Default.RunDirectory);
    }
}
