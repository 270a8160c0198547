using System.Collections.Concurrent;
using Margay.Linux.Syscalls;
using Microsoft.Win32.SafeHandles;

namespace Margay.Linux.Namespaces;

/// <summary>
/// One thread for blocking work that visits network namespaces, a piece at a time in the order given. Threads of the pool
/// stay free: the kernel does one such piece at a time anyway, and on few cores two that wait for it are the whole pool.
/// A visit costs two setns(2) calls instead of a thread.
/// </summary>
public sealed class NamespaceWorker : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly SafeFileHandle _home;
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    /// <param name="home">Where work is done that visits no other namespace; null: the caller's.</param>
    /// <exception cref="FileNotFoundException">There is no such namespace.</exception>
    public NamespaceWorker(string? home = null)
    {
        _home = File.OpenHandle(home ?? "/proc/thread-self/ns/net");
        _thread = new Thread(() => Work(isHome: home is null)) { IsBackground = true, Name = "namespaces" };
        _thread.Start();
    }

    /// <summary>Does a piece of work on the thread, when those before it are done.</summary>
    /// <exception cref="ObjectDisposedException">The worker has ended.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
            catch (Exception cause)
            {
                done.SetException(cause);
            }
        });
        return done.Task;
    }

    /// <summary>Visits a namespace from within <see cref="RunAsync"/>.</summary>
    /// <exception cref="FileNotFoundException">The namespace does not exist.</exception>
    /// <exception cref="LinuxException">The file is no network namespace, or entering it is not permitted.</exception>
    public T Visit<T>(string path, Func<T> inside)
    {
        ArgumentNullException.ThrowIfNull(inside);
        if (Thread.CurrentThread != _thread) throw new InvalidOperationException("Another thread would stay in the namespace.");
        using var file = File.OpenHandle(path);
        Libc.SetNamespace(file, Libc.CLONE_NEWNET, path);
        try
        {
            return inside();
        }
        finally
        {
            GoHome();
        }
    }

    /// <summary>Ends the thread behind the work that was given.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _home.Dispose();
        _work.Dispose();
    }

    private void Work(bool isHome)
    {
        if (!isHome) GoHome();
        foreach (var piece in _work.GetConsumingEnumerable()) piece();
    }

    private void GoHome()
    {
        try
        {
            Libc.SetNamespace(_home, Libc.CLONE_NEWNET, "home");
        }
        catch (LinuxException cause)
        {
            // What comes next would be done to a pod's namespace as if it were the node's.
            Environment.FailFast("A thread cannot go back to its network namespace.", cause);
        }
    }
}
