using System.Diagnostics;

namespace Margay.ApiServer.Tests.Durability;

/// <summary>The real program, killed and started again on the same folder and port.</summary>
/// <param name="more">Further arguments.</param>
internal sealed class ServerProcess(params string[] more) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("margay-kill-");
    private readonly int _port = Ports.Next();
    private Process? _process;

    public string Address => $"https://127.0.0.1:{_port}";

    /// <summary>Makes this server trust and be trusted by the clients of another one.</summary>
    public void ShareAuthority(ServerProcess other)
    {
        Directory.CreateDirectory(Pki);
        foreach (string file in (string[])["ca.crt", "ca.key"]) File.Copy(Path.Combine(other.Pki, file), Path.Combine(Pki, file));
    }

    public string Pki => Path.Combine(_folder.FullName, "data", "pki");

    /// <summary>Starts it, and returns when it says that it serves.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        var start = new ProcessStartInfo(Executable())
        {
            RedirectStandardOutput = true,
            ArgumentList = { "apiserver", "--data-dir", Path.Combine(_folder.FullName, "data"), "--listen", $"127.0.0.1:{_port}", "--bookmark-seconds", "1" },
        };
        foreach (string argument in more) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        string? line = await _process.StandardOutput.ReadLineAsync(stop);
        Assert.Contains("serving at", line, StringComparison.Ordinal);
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

    private static string Executable() => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Margay.Apps.Server", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "margay-server"));
}
