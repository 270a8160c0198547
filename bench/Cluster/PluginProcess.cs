using System.Runtime.InteropServices;

namespace Margay.Bench.Cluster;

/// <summary>
/// A CNI plugin as a process, started as cheaply as there is a way (posix_spawn), with files for input and output: what
/// starting it costs here is in no figure but the plugin's own.
/// </summary>
internal sealed partial class PluginProcess
{
    private readonly string _what;
    private readonly string _output;
    private readonly int _pid;

    private PluginProcess(string what, string output, int pid) => (_what, _output, _pid) = (what, output, pid);

    /// <summary>Starts it.</summary>
    /// <param name="plugin">The program.</param>
    /// <param name="verb">CNI_COMMAND.</param>
    /// <param name="configFile">The network configuration.</param>
    /// <param name="container">CNI_CONTAINERID, and the name of its network namespace.</param>
    /// <param name="pod">Keys of CNI_ARGS that name the pod.</param>
    /// <param name="pluginFolder">CNI_PATH.</param>
    public static PluginProcess Start(string plugin, string verb, string configFile, string container, string pod, string pluginFolder)
    {
        string output = Path.Combine(Path.GetDirectoryName(configFile)!, $"{container}.{verb}");
        string[] environment =
        [
            $"CNI_COMMAND={verb}", $"CNI_CONTAINERID={container}", $"CNI_NETNS=/run/netns/{container}", "CNI_IFNAME=eth0", $"CNI_PATH={pluginFolder}",
            $"CNI_ARGS=IgnoreUnknown=1;K8S_POD_NAMESPACE=default;{pod}", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
        ];
        const int O_RDONLY = 0, O_WRONLY_CREAT_TRUNC = 0x241;
        Span<byte> actions = stackalloc byte[256];
        actions.Clear();
        Check(InitActions(actions));
        Check(AddOpen(actions, 0, configFile, O_RDONLY, 0));
        Check(AddOpen(actions, 1, output, O_WRONLY_CREAT_TRUNC, 0x180));
        Check(Spawn(out int pid, plugin, actions, 0, [plugin, null], [.. environment, null]));
        Check(DestroyActions(actions));
        return new PluginProcess($"{plugin} {verb}", output, pid);
    }

    /// <summary>Waits for its end.</summary>
    public void Wait()
    {
        while (WaitPid(_pid, out int status, 0) != _pid || status != 0)
        {
            if (status != 0) throw new InvalidOperationException($"{_what}: {File.ReadAllText(_output)}");
        }
    }

    private static void Check(int errno)
    {
        if (errno != 0) throw new InvalidOperationException($"The plugin cannot be started: error {errno}.");
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(Span<byte> actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(Span<byte> actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(Span<byte> actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Spawn(out int pid, string path, Span<byte> actions, nint attributes, string?[] arguments, string?[] environment);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, out int status, int options);
}
