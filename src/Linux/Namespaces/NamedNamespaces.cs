using System.Runtime.ExceptionServices;
using Margay.Linux.Syscalls;

namespace Margay.Linux.Namespaces;

/// <summary>Network namespaces with a name under <c>/run/netns</c>, as <c>ip netns</c> has them and container runtimes make them.</summary>
public static class NamedNamespaces
{
    /// <summary>Where the names are.</summary>
    public const string Root = "/run/netns";

    /// <summary>The path of a name.</summary>
    public static string PathOf(string name) => $"{Root}/{name}";

    /// <summary>Whether the name is there.</summary>
    public static bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>Makes a namespace. Nothing is up in it, not even the loopback interface.</summary>
    /// <returns>Its path.</returns>
    /// <exception cref="IOException">The name is taken.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static string Create(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." || name.Contains('/', StringComparison.Ordinal)) throw new ArgumentException($"'{name}' is no name for a namespace.", nameof(name));
        PrepareRoot();
        string path = PathOf(name);
        using (new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        {
            // Only the name is wanted: the namespace gets mounted on it.
        }
        try
        {
            // The thread that makes the namespace is in it, so that it must not be one that others use afterwards.
            RunOnThread(() =>
            {
                Libc.Unshare(Libc.CLONE_NEWNET);
                Libc.Mount("/proc/thread-self/ns/net", path, Libc.MS_BIND);
            });
            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>
    /// Removes a name; none is fine. The namespace itself lives on while a process or socket is in it.
    /// </summary>
    public static void Delete(string name)
    {
        string path = PathOf(name);
        if (!File.Exists(path)) return;
        if (Libc.TryUnmount(path) is not (0 or Errno.EINVAL) and var errno) throw new LinuxException(errno, $"umount({path})");
        File.Delete(path);
    }

    // Other mount namespaces (containers) see names that are made later only when the folder is a shared mount.
    private static void PrepareRoot()
    {
        Directory.CreateDirectory(Root);
        if (Libc.TryMount("", Root, Libc.MS_SHARED | Libc.MS_REC) == 0) return;
        Libc.Mount(Root, Root, Libc.MS_BIND | Libc.MS_REC);
        Libc.Mount("", Root, Libc.MS_SHARED | Libc.MS_REC);
    }

    private static void RunOnThread(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception cause)
            {
                failure = ExceptionDispatchInfo.Capture(cause);
            }
        }) { IsBackground = true, Name = "netns" };
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
