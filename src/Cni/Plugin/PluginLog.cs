using System.Text;
using Margay.Cni.Protocol;

namespace Margay.Cni.Plugin;

/// <summary>The plugin's own log: for the case that nobody knows what the runtime did with the answer.</summary>
internal static class PluginLog
{
    internal static void Append(CniNetworkConfig config, CniEnvironment environment, int exit, ReadOnlySpan<byte> answer)
    {
        if (string.IsNullOrEmpty(config.LogFilePath) || (exit == 0 && config.LogLevel != "DEBUG")) return;
        string line = $"{DateTimeOffset.UtcNow:O} {environment.Command} {environment.ContainerId} {environment.IfName} exit={exit} {Encoding.UTF8.GetString(answer)}\n";
        try
        {
            if (Path.GetDirectoryName(config.LogFilePath) is { Length: > 0 } directory) Directory.CreateDirectory(directory);
            // One write: lines of plugins that run at once do not mix.
            using var file = new FileStream(config.LogFilePath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.UTF8.GetBytes(line));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk must not keep a container from starting or going; standard error is the runtime's log.
            Console.Error.WriteLine($"{config.LogFilePath}: {e.Message}");
        }
    }
}
