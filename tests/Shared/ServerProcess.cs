using System.Diagnostics;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;

namespace Margay.Tests;

/// <summary>The real API server, as a process of its own on a free port, with its state in a folder that goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly KubeClient _client;

    private ServerProcess(Process process, DirectoryInfo folder)
    {
        (_process, _folder) = (process, folder);
        _client = new KubeClient(KubeConfig.Connect(Kubeconfig));
    }

    /// <summary>The administrator's way to the state.</summary>
    public IResourceStore Store => _client;

    /// <summary>The administrator's kubeconfig.</summary>
    public string Kubeconfig => Path.Combine(State, "admin.kubeconfig");

    /// <summary>The kubeconfig of the controllers, with their rights only.</summary>
    public string ControllersKubeconfig => Path.Combine(State, "controllers.kubeconfig");

    private string State => StateIn(_folder);

    /// <summary>A new folder that goes with the server.</summary>
    public string NewFolder() => _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    /// <summary>Starts it, and returns when it serves.</summary>
    /// <param name="stop">Ends the wait.</param>
    public static async Task<ServerProcess> StartAsync(CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("margay-server-");
        var process = Process.Start(new ProcessStartInfo(
            Programs.Find("Margay.Apps.Server"), ["apiserver", "--data-dir", StateIn(folder), "--listen", "127.0.0.1:0", "--bookmark-seconds", "1"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        // Read, so that the server never waits for room in the pipe.
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string StateIn(DirectoryInfo folder) => Path.Combine(folder.FullName, "state");
}
