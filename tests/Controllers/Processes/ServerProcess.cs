using System.Diagnostics;
using Margay.Controllers.Tests.Support;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;

namespace Margay.Controllers.Tests.Processes;

/// <summary>The real API server, as a process of its own on a free port, with its state in a folder that goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly KubeClient _client;

    private ServerProcess(Process process, DirectoryInfo folder)
    {
        (_process, _folder) = (process, folder);
        _client = new KubeClient(KubeConfig.Connect(Path.Combine(State, "admin.kubeconfig")));
    }

    /// <summary>The administrator's way to the state.</summary>
    public IResourceStore Store => _client;

    /// <summary>The kubeconfig of the controllers, with their rights only.</summary>
    public string ControllersKubeconfig => Path.Combine(State, "controllers.kubeconfig");

    private string State => Path.Combine(_folder.FullName, "state");

    public static async Task<ServerProcess> StartAsync(CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("margay-controllers-");
        var process = Process.Start(new ProcessStartInfo(Programs.Server(),
            ["apiserver", "--data-dir", Path.Combine(folder.FullName, "state"), "--listen", "127.0.0.1:0", "--bookmark-seconds", "1"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(stop) is { } line)
            {
                if (line.Contains("serving at", StringComparison.Ordinal)) return new ServerProcess(process, folder);
            }
            throw new InvalidOperationException("the API server ended before it served");
        }
        catch
        {
            process.Kill();
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
