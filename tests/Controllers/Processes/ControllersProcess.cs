using System.Collections.Concurrent;
using System.Diagnostics;
using Margay.Tests;

namespace Margay.Controllers.Tests.Processes;

/// <summary><c>margay-server controllers</c>, the real program.</summary>
internal sealed class ControllersProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();

    public ControllersProcess(string kubeconfig, int metricsPort = 0)
    {
        _process = Process.Start(new ProcessStartInfo(Programs.Find("Margay.Apps.Server"), ["controllers", "--kubeconfig", kubeconfig, "--metrics-port", $"{metricsPort}"])
        {
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has logged.</summary>
    public string Log => string.Join('\n', _log);

    /// <summary>Whether it has led under this identity.</summary>
    public bool Is(string identity) => Log.Contains($"{identity} leads", StringComparison.Ordinal);

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM, and its exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken stop)
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])) await kill.WaitForExitAsync(stop);
        await _process.WaitForExitAsync(stop);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
