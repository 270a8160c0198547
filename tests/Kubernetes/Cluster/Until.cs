namespace Margay.Kubernetes.Cluster.Tests;

/// <summary>Waits for what other programs bring about, and says what is wrong when it does not come.</summary>
internal static class Until
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <param name="trouble">What is not as it should be; null when all is well.</param>
    public static async Task FineAsync(Func<Task<string?>> trouble)
    {
        var stop = TestContext.Current.CancellationToken;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_patience);
        while (await trouble() is { } last)
        {
            if (limit.IsCancellationRequested) throw new TimeoutException(last);
            await Task.Delay(_pause, stop);
        }
    }
}
