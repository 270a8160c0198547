namespace Margay.ApiServer.Hosting;

/// <summary>The folder of a server. While it is open no second server gets it: two would hand out the same versions.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string Database => System.IO.Path.Combine(Path, "state.db");

    public string Certificates => System.IO.Path.Combine(Path, "pki");

    public string AdminKubeconfig => System.IO.Path.Combine(Path, "admin.kubeconfig");

    public string NodeKubeconfig => System.IO.Path.Combine(Path, "node.kubeconfig");

    public string ControllersKubeconfig => System.IO.Path.Combine(Path, "controllers.kubeconfig");

    public static DataDirectory Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            Directory.CreateDirectory(System.IO.Path.Combine(path, "pki"), OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--data-dir {path} cannot be used: {e.Message}", e);
        }
        try
        {
            return new DataDirectory(path, new FileStream(
                System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new StartException($"--data-dir {path} is in use by another server: {e.Message}", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
