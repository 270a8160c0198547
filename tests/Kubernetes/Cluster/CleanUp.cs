using Margay.Lab.Processes;

namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>What a test takes away again also when it was cancelled: its token has ended by then, so this has a limit of its own.</summary>
internal static class CleanUp
{
    // More than ./testbed waits for its lock and for a part that does not end.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    /// <summary>A command of <c>./testbed</c>; it has to succeed.</summary>
    public static async Task RunAsync(params string[] arguments)
    {
        using var limit = new CancellationTokenSource(_patience);
        await Command.RequireAsync(RepositoryFolder.In("testbed"), arguments, limit.Token);
    }
}
