using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Margay.ApiServer.Hosting;
using Margay.Model.Datastore.Kube;

namespace Margay.Apps.Server;

/// <summary>What the roles that listen have in common: how they end, how they fail, and what is said where.</summary>
internal static class Serving
{
    /// <summary>Runs a role until SIGTERM or SIGINT.</summary>
    /// <param name="role">The subcommand, for messages.</param>
    /// <param name="run">Starts the role, says so, and returns when its token ends.</param>
    /// <returns>The exit code: 0 after a signal, 1 when the role cannot start.</returns>
    public static async Task<int> RunAsync(string role, Func<CancellationToken, Task> run)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
        using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            await run(stop.Token);
            return 0;
        }
        catch (Exception e) when (e is StartException or KubeConfigException)
        {
            await Console.Error.WriteLineAsync($"margay-server {role}: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>A line on standard output, at once, for whoever waits for it.</summary>
    public static async Task SayAsync(string role, string line)
    {
        await Console.Out.WriteLineAsync($"margay-server {role}: {line}");
        await Console.Out.FlushAsync(CancellationToken.None);
    }

    /// <summary>Returns when <paramref name="stop"/> ends.</summary>
    public static async Task UntilAsync(CancellationToken stop) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The addresses of <c>--listen</c>; <c>*</c> is every address of both families, as far as the host has them.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="listen">The option.</param>
    /// <param name="example">A good value, for the message.</param>
    /// <exception cref="StartException">One is not an address with a port.</exception>
    public static IReadOnlyList<IPEndPoint> Addresses(ParseResult given, Option<string[]> listen, string example) =>
        [.. (given.GetValue(listen) ?? []).Select(text => Address(text) ?? throw new StartException($"--listen {text}: expected an address and a port, for example {example}"))];

    private static IPEndPoint? Address(string text)
    {
        // The servers' sockets at [::] take IPv4 too.
        if (text.StartsWith("*:", StringComparison.Ordinal)) text = (Socket.OSSupportsIPv6 ? "[::]" : "0.0.0.0") + text[1..];
        return text.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(text, out IPEndPoint? address) ? address : null;
    }
}
