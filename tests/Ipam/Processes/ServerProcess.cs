using System.Diagnostics;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;

namespace Margay.Ipam.Tests.Processes;

/// <summary>The real API server, as a process of its own on a free port, with its state in a folder that goes with it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly KubeClient _client;

    private ServerProcess(Process process, DirectoryInfo folder, string kubeconfig)
    {
        (_process, _folder, Kubeconfig) = (process, folder, kubeconfig);
        _client = new KubeClient(KubeConfig.Connect(kubeconfig));
    }

    public string Kubeconfig { get; }

    public IResourceStore Store => _client;

    /// <summary>A folder that goes with the server.</summary>
    public string NewFolder() => _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    public static async Task<ServerProcess> StartAsync(CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("margay-ipam-");
        string kubeconfig = Path.Combine(folder.FullName, "kubeconfig");
        var process = Process.Start(new ProcessStartInfo(Programs.Find("Margay.Apps.Server"),
            ["apiserver", "--data-dir", Path.Combine(folder.FullName, "state"), "--listen", "127.0.0.1:0", "--kubeconfig-out", kubeconfig])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(stop) is { } line)
            {
                if (line.Contains("serving at", StringComparison.Ordinal)) return new ServerProcess(process, folder, kubeconfig);
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

internal static class Programs
{
    /// <summary>A program of this build: artifacts/bin/PROJECT/CONFIGURATION/NAME.</summary>
    public static string Find(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var folder = new DirectoryInfo(Path.Combine(configuration.Parent!.Parent!.FullName, project, configuration.Name));
        foreach (var file in folder.GetFiles("*.runtimeconfig.json"))
        {
            string program = file.FullName[..^".runtimeconfig.json".Length];
            if (File.Exists(program)) return program;
        }
        throw new FileNotFoundException($"no program in {folder}");
    }
}
