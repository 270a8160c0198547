using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Margay.Bench.ApiServer;

/// <summary>A program that runs while something is measured.</summary>
internal sealed class Running : IDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ of proc(5)

    private readonly Process _process;

    private Running(Process process) => _process = process;

    /// <summary>Processor seconds so far.</summary>
    public double Processor
    {
        get
        {
            string[] fields = File.ReadAllText($"/proc/{_process.Id}/stat").Split(") ")[1].Split(' ');
            return (double.Parse(fields[11]) + double.Parse(fields[12])) / TicksPerSecond;
        }
    }

    /// <summary>Resident memory, MiB.</summary>
    public double Memory => double.Parse(File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) / 1024;

    /// <summary>Starts a program; waits for a first line when it says one.</summary>
    public static async Task<Running> StartAsync(string program, bool speaks, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        if (speaks && await process.StandardOutput.ReadLineAsync() is null) throw new InvalidOperationException($"{program} did not start");
        return new Running(process);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
