using System.Diagnostics;

namespace Margay.ApiServer.Tests.Kubectl;

/// <summary>A kubectl that keeps running and prints line by line.</summary>
internal sealed class KubectlWatch(Process process) : IAsyncDisposable
{
    public async Task<string> LineAsync() =>
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
        ?? throw new InvalidOperationException($"kubectl ended: {await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
