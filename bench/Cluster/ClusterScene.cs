using System.Diagnostics;
using System.Globalization;
using System.Net;
using Margay.Model.Datastore.Kube;

namespace Margay.Bench.Cluster;

/// <summary>
/// The real API server and the real node service in the network namespace that this process runs in (the caller made it),
/// with state in a folder of its own. Everything ends with the scene.
/// </summary>
internal sealed class ClusterScene : IDisposable
{
    public const string NodeName = "bench";

    private readonly string _programs;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"margay-bench-{Environment.ProcessId}");
    private readonly Process _server;
    private Process? _node;

    public ClusterScene(string programs)
    {
        _programs = programs;
        Directory.CreateDirectory(_folder);
        Shell.Run("ip", "link", "set", "lo", "up");
        _server = Shell.Start(
            Path.Combine(programs, "margay-server"), "apiserver", "--data-dir", Path.Combine(_folder, "api"), "--listen", "127.0.0.1:6443");
        while (_server.StandardOutput.ReadLine() is { } line && !line.Contains("serving at", StringComparison.Ordinal)) Console.Error.WriteLine(line);
        if (_server.HasExited) throw new InvalidOperationException("The API server did not start: " + _server.StandardError.ReadToEnd());
        _ = _server.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = _server.StandardError.BaseStream.CopyToAsync(Stream.Null);
        Client = new KubeClient(KubeConfig.Connect(KubeConfigFile));
    }

    public KubeClient Client { get; }

    public string RunDirectory => Path.Combine(_folder, "run");

    private string KubeConfigFile => Path.Combine(_folder, "api", "admin.kubeconfig");

    /// <summary>Starts the node service; the time until its readiness probe succeeds, and its memory then.</summary>
    public async Task<(TimeSpan UntilReady, double RssMiB, double PeakMiB)> StartNodeAsync(CancellationToken stop)
    {
        using var http = new HttpClient();
        long began = Stopwatch.GetTimestamp();
        _node = Shell.Start(
            Path.Combine(_programs, "margay-node"), "--node-name", NodeName, "--kubeconfig", KubeConfigFile, "--run-dir", RunDirectory,
            "--health-host", "127.0.0.1", "--register-address", "127.0.0.1");
        var words = _node.StandardError.ReadToEndAsync(stop);
        var log = _node.StandardOutput.ReadToEndAsync(stop);
        while (true)
        {
            if (_node.HasExited) throw new InvalidOperationException($"margay-node ended with {_node.ExitCode}: {await words}{await log}");
            try
            {
                using var answer = await http.GetAsync(new Uri("http://127.0.0.1:9099/readiness"), stop);
                if (answer.StatusCode == HttpStatusCode.OK) break;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(2, stop);
        }
        var ready = Stopwatch.GetElapsedTime(began);
        return (ready, Status("VmRSS"), Status("VmHWM"));
    }

    /// <summary>Sums and counts among the node service's metrics with this prefix.</summary>
    public static async Task<IEnumerable<string>> NodeMetricsAsync(string prefix, CancellationToken stop)
    {
        using var http = new HttpClient();
        string all = await http.GetStringAsync(new Uri("http://127.0.0.1:9099/metrics"), stop);
        return all.Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal) && !line.Contains("_bucket", StringComparison.Ordinal));
    }

    /// <summary>Kills the node service as a crash would.</summary>
    public void KillNode()
    {
        _node?.Kill();
        _node?.WaitForExit();
        _node = null;
    }

    public void Dispose()
    {
        KillNode();
        Client.Dispose();
        _server.Kill();
        _server.WaitForExit();
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private double Status(string field)
    {
        string line = File.ReadLines($"/proc/{_node!.Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
    }
}
