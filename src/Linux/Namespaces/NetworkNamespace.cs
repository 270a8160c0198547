using System.Runtime.ExceptionServices;
using Margay.Linux.Syscalls;

namespace Margay.Linux.Namespaces;

/// <summary>
/// Runs code inside another network namespace. setns(2) moves one thread, so the code runs on a thread made for it, which
/// ends afterwards: a pool thread would carry the namespace into unrelated work. Sockets opened inside stay
/// in the namespace and may be used from any thread afterwards. The code must not await.
/// </summary>
public static class NetworkNamespace
{
    private const int StackSize = 256 * 1024;

    /// <summary>Runs <paramref name="inside"/> in the namespace and returns its result; the caller waits.</summary>
    /// <param name="path">For example <c>/run/netns/name</c> or <c>/proc/1234/ns/net</c>.</param>
    /// <param name="inside">What to do there.</param>
    /// <exception cref="FileNotFoundException">The namespace does not exist.</exception>
    /// <exception cref="LinuxException">The file is no network namespace, or entering it is not permitted.</exception>
    public static T Run<T>(string path, Func<T> inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        using var file = File.OpenHandle(path);
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    Libc.SetNamespace(file, Libc.CLONE_NEWNET, path);
                    result = inside();
                }
                catch (Exception cause)
                {
                    failure = ExceptionDispatchInfo.Capture(cause);
                }
            },
            StackSize)
        {
            IsBackground = true,
            Name = "netns",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    /// <summary>Runs <paramref name="inside"/> in the namespace; the caller waits.</summary>
    public static void Run(string path, Action inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        Run(path, () =>
        {
            inside();
            return true;
        });
    }
}
