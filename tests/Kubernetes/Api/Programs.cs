namespace Margay.Kubernetes.Api.Tests;

/// <summary>Where the programs are that these tests run.</summary>
internal static class Programs
{
    private const string Folder = "MARGAY_KUBERNETES_BIN";

    private static readonly string _cache = Environment.GetEnvironmentVariable("MARGAY_CACHE") ?? "/var/cache/margay";

    /// <summary>A program of the Kubernetes that was built once and is kept in the cache.</summary>
    public static string Kubernetes(string name) =>
        InCache(Path.Combine(Environment.GetEnvironmentVariable(Folder) ?? Path.Combine(_cache, "kubernetes-1.20.2", "bin"), name));

    /// <summary>margay-server as it was built with these tests.</summary>
    public static string Server => Margay.Tests.Programs.Find("Margay.Apps.Server");

    /// <summary>The kubectl of the cluster's own age, and a newer one (<c>./testbed build</c> puts both into the cache).</summary>
    public static IReadOnlyList<string> Kubectls { get; } = [Kubernetes("kubectl"), InCache(Path.Combine(_cache, "kubectl-newer"))];

    private static string InCache(string path) =>
        File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: run ./testbed build first, or name the folder of Kubernetes' programs in {Folder}");
}
