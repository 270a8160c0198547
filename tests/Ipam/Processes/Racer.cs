using System.Diagnostics;
using Margay.Tests;

namespace Margay.Ipam.Tests.Processes;

/// <summary>A process that gives addresses, and can be killed at any moment and started again.</summary>
internal sealed class Racer(string kubeconfig, string node, string? records) : IAsyncDisposable
{
    private Process? _process;

    public string Node => node;

    /// <summary>The folder in which the node's only process records what it gives; null when the node has several.</summary>
    public string? Records => records;

    /// <summary>True while a command is under way.</summary>
    public bool Busy { get; private set; }

    /// <summary>Sends a command. Null when the process died over it; the next one starts a new process.</summary>
    public async Task<string?> AskAsync(string command, CancellationToken stop)
    {
        if (_process is null) await StartAsync(stop);
        Busy = true;
        try
        {
            await _process!.StandardInput.WriteLineAsync(command.AsMemory(), stop);
            if (await _process.StandardOutput.ReadLineAsync(stop) is { } answer) return answer;
        }
        catch (IOException)
        {
            // The pipe broke: it is dead, as below.
        }
        finally
        {
            Busy = false;
        }
        await EndAsync();
        return null;
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process?.Kill();

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.StandardInput.Close();
        await EndAsync();
    }

    private async Task StartAsync(CancellationToken stop)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            _process = Process.Start(new ProcessStartInfo(Programs.Find("Margay.Ipam.Racer"), records is null ? [kubeconfig, node] : [kubeconfig, node, records])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true,
            })!;
            if (await _process.StandardOutput.ReadLineAsync(stop) is "ready") return;
            // Killed in the middle of its start.
            await EndAsync();
        }
        throw new InvalidOperationException("the racer does not start");
    }

    private async Task EndAsync()
    {
        await _process!.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _process = null;
    }
}
