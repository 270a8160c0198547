using System.Net;
using System.Net.Sockets;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>Where the programs are that these tests run.</summary>
internal static class Programs
{
    private const string Folder = "MARGAY_KUBERNETES_BIN";

    /// <summary>A program of the Kubernetes that was built once and is kept in the cache.</summary>
    public static string Kubernetes(string name)
    {
        string folder = Environment.GetEnvironmentVariable(Folder) ?? "/var/cache/margay/kubernetes-1.20.2/bin";
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: build Kubernetes into the cache first, or name its folder in {Folder}");
    }

    /// <summary>margay-server as it was built with these tests.</summary>
    public static string Server => RepositoryFolder.In("artifacts", "bin", "Margay.Apps.Server", "debug", "margay-server");

    /// <summary>Every kubectl there is: the cluster's own age, and a newer one where one is installed.</summary>
    public static IReadOnlyList<string> Kubectls { get; } =
    [
        Kubernetes("kubectl"),
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "kubectl")).Where(File.Exists).Take(1),
    ];

    /// <summary>A port that nobody uses.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
