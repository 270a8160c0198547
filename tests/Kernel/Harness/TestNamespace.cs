using Margay.Linux.Namespaces;

namespace Margay.Kernel.Tests.Harness;

/// <summary>A network namespace that lives as long as a test, with its loopback up.</summary>
internal sealed class TestNamespace : IDisposable
{
    private static int s_count;

    public TestNamespace(string name = "ns")
    {
        Name = $"mt-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}-{name}";
        Command.Run("ip", "netns", "add", Name);
        // Without duplicate address detection: it would delay first packets, and addresses would appear a second later, in the middle of a test.
        NetworkNamespace.Run(Path, static () =>
        {
            foreach (string scope in new[] { "all", "default" }) File.WriteAllText($"/proc/sys/net/ipv6/conf/{scope}/accept_dad", "0");
        });
        Ip("link", "set", "lo", "up");
    }

    public string Name { get; }

    public string Path => $"/run/netns/{Name}";

    /// <summary>Runs ip(8) inside.</summary>
    public string Ip(params string[] arguments) => Command.Run("ip", ["-n", Name, .. arguments]);

    /// <summary>Runs a program inside.</summary>
    public string Exec(params string[] command) => Command.Run("ip", ["netns", "exec", Name, .. command]);

    public void Dispose() => Command.Try("ip", "netns", "delete", Name);
}
