using System.Diagnostics;

namespace Margay.ApiServer.Tests.Storage.Etcd;

/// <summary>A real etcd process on loopback with a folder of its own, killed and started again at will.</summary>
internal sealed class EtcdMember : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-etcd-");
    private readonly string _name;
    private readonly int _client = Ports.Next();
    private readonly int _peer = Ports.Next();
    private Process? _process;

    public EtcdMember(string name = "one") => _name = name;

    /// <summary>Files for TLS: the authority, the member's certificate and key.</summary>
    public (string Authority, string Certificate, string Key)? Tls { get; init; }

    /// <summary>Without a slash at the end, which etcd does not take.</summary>
    public string Url => $"{(Tls is null ? "http" : "https")}://127.0.0.1:{_client}";

    public Uri Address => new(Url);

    public string Peer => $"http://127.0.0.1:{_peer}";

    public string Name => _name;

    public string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>Starts it alone, or as one of a cluster; it may not answer yet.</summary>
    public void Start(string? cluster = null)
    {
        var start = new ProcessStartInfo("/usr/bin/etcd")
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
            ArgumentList =
            {
                "--name", _name, "--data-dir", Data, "--listen-client-urls", Url, "--advertise-client-urls", Url,
                "--listen-peer-urls", Peer, "--initial-advertise-peer-urls", Peer, "--initial-cluster", cluster ?? $"{_name}={Peer}",
                "--heartbeat-interval", "100", "--election-timeout", "1000", "--logger", "zap", "--log-level", "error",
            },
        };
        if (Tls is { } tls)
        {
            foreach (string argument in (string[])["--cert-file", tls.Certificate, "--key-file", tls.Key, "--client-cert-auth", "--trusted-ca-file", tls.Authority])
                start.ArgumentList.Add(argument);
        }
        _process = Process.Start(start)!;
        // Nobody reads them, and a full pipe would stop it.
        _process.ErrorDataReceived += static (_, _) => { };
        _process.OutputDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Starts it, and returns when it answers.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        Start();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (await TryControlAsync(limit.Token, "endpoint", "health", "--command-timeout", "2s") is null)
        {
            Assert.False(_process!.HasExited, "etcd has ended");
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>Ends it without any chance to tidy up (SIGKILL).</summary>
    public async Task KillAsync(CancellationToken stop)
    {
        _process!.Kill();
        await _process.WaitForExitAsync(stop);
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>Runs etcdctl, and returns what it says.</summary>
    public async Task<string> ControlAsync(CancellationToken stop, params string[] arguments)
    {
        string? said = await TryControlAsync(stop, arguments);
        Assert.NotNull(said);
        return said;
    }

    /// <summary>The same; null when it fails.</summary>
    public async Task<string?> TryControlAsync(CancellationToken stop, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/etcdctl")
        {
            RedirectStandardOutput = true, ArgumentList = { "--endpoints", Url, "--dial-timeout", "30s" },
        };
        start.Environment["ETCDCTL_API"] = "3";
        foreach (string argument in (string[])[.. arguments.Contains("--command-timeout") ? Array.Empty<string>() : ["--command-timeout", "60s"], .. arguments])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        using var end = stop.Register(process.Kill);
        string said = await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode == 0 ? said : null;
    }
}
