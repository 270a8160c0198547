using Microsoft.Extensions.Logging;

namespace Margay.Node.Cni;

/// <summary>
/// That no other node service works on this run directory: what a service gives without asking, no other may give. The
/// kernel lets go of it with the process, however that ends.
/// </summary>
internal static class ServiceLock
{
    /// <summary>Whether a process holds the lock at this moment.</summary>
    public static bool IsHeld(string runDirectory)
    {
        try
        {
            using var file = new FileStream(PathIn(runDirectory), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Takes the lock, until it is disposed or the process ends; null when another process holds it.</summary>
    public static IDisposable? TryTake(string runDirectory, ILogger logger)
    {
        string file = PathIn(runDirectory);
        Directory.CreateDirectory(runDirectory);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            logger.OtherServiceRuns(file);
            return null;
        }
    }

    private static string PathIn(string runDirectory) => Path.Combine(runDirectory, "node.lock");
}
