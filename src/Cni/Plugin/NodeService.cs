using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Margay.Cni.Wire;

namespace Margay.Cni.Plugin;

/// <summary>How asking the node service ended.</summary>
internal enum ServiceAnswer
{
    /// <summary>It answered.</summary>
    Answered,

    /// <summary>Nobody listens, or the connection broke before the answer.</summary>
    Away,

    /// <summary>It listens, and did not answer in time.</summary>
    TimedOut,
}

/// <summary>How long to wait for the node service.</summary>
/// <param name="Answer">For the answer, from the first try.</param>
/// <param name="Return">For a service that is away, or went away during the call, to come back: an upgrade takes a second.</param>
internal readonly record struct ServicePatience(TimeSpan Answer, TimeSpan Return);

/// <summary>The plugin's side of the conversation. Blocking calls: a process that lives for milliseconds needs no thread pool.</summary>
internal sealed class NodeService(string socketPath)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Hands over a request. A connection that breaks is tried again while patience lasts: every verb may be repeated.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="start">When the call began, as <see cref="Stopwatch.GetTimestamp"/> says it: patience counts from there.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="response">The answer.</param>
    /// <param name="cause">Why there is none.</param>
    public ServiceAnswer Ask(ReadOnlySpan<byte> request, long start, ServicePatience patience, out CniWireResponse? response, out string cause)
    {
        long away = start;
        using var never = new ManualResetEventSlim();
        while (true)
        {
            var left = patience.Answer - Stopwatch.GetElapsedTime(start);
            var answer = left <= TimeSpan.Zero ? TimedOut(out response, out cause) : AskOnce(request, left, ref away, out response, out cause);
            if (answer != ServiceAnswer.Away || Stopwatch.GetElapsedTime(away) >= patience.Return) return answer;
            never.Wait(Pause);
        }
    }

    private ServiceAnswer AskOnce(ReadOnlySpan<byte> request, TimeSpan left, ref long away, out CniWireResponse? response, out string cause)
    {
        response = null;
        bool connected = false;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            int milliseconds = Math.Max(1, (int)left.TotalMilliseconds);
            socket.SendTimeout = milliseconds;
            socket.ReceiveTimeout = milliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            connected = true;
            CniWire.Send(socket, request);
            response = JsonSerializer.Deserialize(CniWire.Receive(socket), CniWireJson.Default.CniWireResponse);
            cause = "";
            return response is null ? ServiceAnswer.Away : ServiceAnswer.Answered;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            return TimedOut(out response, out cause);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException or InvalidDataException or JsonException)
        {
            if (connected) away = Stopwatch.GetTimestamp();
            // The framework says "Cannot assign requested address" when there is no socket.
            cause = File.Exists(socketPath) ? $"{socketPath}: {e.Message}" : $"{socketPath} does not exist";
            return ServiceAnswer.Away;
        }
    }

    private ServiceAnswer TimedOut(out CniWireResponse? response, out string cause)
    {
        response = null;
        cause = $"{socketPath}: no answer in time";
        return ServiceAnswer.TimedOut;
    }
}
