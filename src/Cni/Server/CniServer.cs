using System.Net.Sockets;
using System.Text.Json;
using Margay.Cni.Wire;
using Microsoft.Extensions.Logging;

namespace Margay.Cni.Server;

/// <summary>
/// The node service's side of CNI: listens on a Unix socket that only root may open, serves calls of different
/// containers side by side and of one container in turn.
/// </summary>
public sealed class CniServer(ICniBackend backend, CniServerOptions options, TimeProvider time, ILogger<CniServer> logger)
{
    private static readonly TimeSpan _acceptPause = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the plugin can connect.</summary>
    public Task Listening => _listening.Task;

    /// <summary>
    /// Serves until the end. Calls under way are told to stop; one that does not finish gets no answer, upon which the plugin
    /// asks the next service.
    /// </summary>
    /// <exception cref="SocketException">The socket cannot be made.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var tombstones = new Tombstones(options.Paths.Tombstones);
        using var dispatcher = new CniDispatcher(backend, tombstones, options.Concurrency, options.NodeName, logger);
        var keeper = new TombstoneKeeper(tombstones, dispatcher, options.TombstonePeriod, time, logger);
        using var listener = Listen();
        logger.Serving(options.Paths.Socket);
        _listening.TrySetResult();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var parts = new[] { AcceptAsync(listener, dispatcher, either.Token), keeper.RunAsync(either.Token) };
            await Task.WhenAny(parts);
            await either.CancelAsync();
            await Task.WhenAll(parts);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    // Bound aside and renamed: there is no moment without a socket while one service takes over from another, and none
    // in which others may connect.
    private Socket Listen()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.Paths.Socket)!);
        string aside = $"{options.Paths.Socket}.{Environment.ProcessId}";
        File.Delete(aside);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(aside));
            // The condition is for the compiler: there is no Windows here.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            listener.Listen(1024);
            File.Move(aside, options.Paths.Socket, overwrite: true);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener, CniDispatcher dispatcher, CancellationToken stop)
    {
        var serving = new HashSet<Task>();
        try
        {
            while (true)
            {
                Socket socket;
                try
                {
                    socket = await listener.AcceptAsync(stop);
                }
                catch (SocketException e)
                {
                    // Descriptors are used up, or the caller went before its turn: others come.
                    logger.NotAccepted(e.Message);
                    await Task.Delay(_acceptPause, time, stop);
                    continue;
                }
                serving.RemoveWhere(t => t.IsCompleted);
                serving.Add(ServeAsync(socket, dispatcher, stop));
            }
        }
        finally
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket, CniDispatcher dispatcher, CancellationToken stop)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            byte[] request = await CniWire.ReceiveAsync(stream, stop);
            using var here = new CancellationTokenSource();
            var gone = WaitForEndAsync(stream, here);
            CniWireResponse response;
            try
            {
                response = await dispatcher.ServeAsync(request, here.Token, stop);
            }
            finally
            {
                await here.CancelAsync();
                await gone;
            }
            byte[] document = JsonSerializer.SerializeToUtf8Bytes(response, CniWireJson.Readable.CniWireResponse);
            await CniWire.SendAsync(stream, document, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException)
        {
            // The runtime ended its plugin, and will call DEL; or the service stops.
            logger.CallerWentAway(e.Message);
        }
    }

    /// <summary>Cancels <paramref name="here"/> when the plugin is gone: after its request it only listens.</summary>
    private static async Task WaitForEndAsync(NetworkStream stream, CancellationTokenSource here)
    {
        try
        {
            if (await stream.ReadAsync(new byte[1], here.Token) == 0) await here.CancelAsync();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            if (e is IOException) await here.CancelAsync();
        }
    }
}
