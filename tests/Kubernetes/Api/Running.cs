using System.Diagnostics;

namespace Margay.Kubernetes.Api.Tests;

/// <summary>A program that runs until the test ends; its output is kept.</summary>
internal sealed class Running : IAsyncDisposable
{
    private readonly Process _process;
    private readonly List<string> _output = [];

    public Running(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The last lines, for messages.</summary>
    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output.TakeLast(40));
        }
    }

    /// <summary>It has ended, by itself or killed.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Ends it as a crash would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is not null) _output.Add(line);
        }
    }
}
