using System.Diagnostics;
using System.Threading.Channels;
using Margay.Dataplane.Contract;
using Margay.Foundation.Primitives;
using Margay.Linux.Conntrack;
using Margay.Linux.Syscalls;
using Margay.Node.Engine;
using Margay.Node.Health;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Connections;

/// <summary>
/// Ends established connections that policy has come to forbid, and only those: after a change every tracked connection
/// of this node's endpoints is judged again, and the forbidden ones get <see cref="ConnectionMark.Forbidden"/>; one that
/// is allowed again loses it. Works beside the engine, on a state of its own, and never holds up programming.
/// </summary>
internal sealed class ConnectionCutter(IConntrackTable table, Func<IReadOnlySet<IpAddr>> hostAddresses, TimeProvider time, ILogger<ConnectionCutter> logger) : IAppliedObserver
{
    // Judging is spread out when it becomes long: at most a tenth of the time goes into it.
    private const int RestFactor = 9;
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);

    private readonly Channel<IReadOnlyList<DataplaneUpdate>> _applied =
        Channel.CreateUnbounded<IReadOnlyList<DataplaneUpdate>>(new UnboundedChannelOptions { SingleReader = true });

    private readonly FlowJudge _judge = new();
    private readonly Lock _tableTurn = new();

    /// <inheritdoc/>
    public void AfterApply(IReadOnlyList<DataplaneUpdate> records)
    {
        if (records.Count > 0) _applied.Writer.TryWrite(records);
    }

    /// <summary>Runs until <paramref name="stop"/> ends.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        bool isLeft = false;
        while (isLeft || await _applied.Reader.WaitToReadAsync(stop))
        {
            if (!TakeApplied() && !isLeft) continue;
            long began = Stopwatch.GetTimestamp();
            try
            {
                Judge();
                isLeft = false;
            }
            catch (LinuxException cause)
            {
                // What is forbidden by now must not live on for want of another change.
                if (!isLeft) logger.JudgingFailed(cause);
                isLeft = true;
                await Task.Delay(_again, time, stop);
            }
            var rest = Stopwatch.GetElapsedTime(began) * RestFactor;
            if (rest > TimeSpan.FromMilliseconds(20)) await Task.Delay(rest, time, stop);
        }
    }

    /// <summary>Forgets every connection of these addresses: whoever gets them next starts with none.</summary>
    public void Forget(IReadOnlyCollection<IpAddr> addresses)
    {
        lock (_tableTurn)
        {
            foreach (var connection in table.List())
            {
                var original = connection.Original;
                if (addresses.Contains(original.Source) || addresses.Contains(original.Destination) || addresses.Contains(connection.Reply.Source))
                    table.Delete(original);
            }
        }
    }

    private bool TakeApplied()
    {
        bool mayForbid = false;
        while (_applied.Reader.TryRead(out var records))
        {
            _judge.Apply(records);
            mayForbid |= records.Any(record => record is IpSetUpdate or IpSetDelta or PolicyUpdate or ProfileUpdate or WorkloadEndpointUpdate or InSync);
        }
        return mayForbid;
    }

    private void Judge()
    {
        int cut = 0;
        var host = hostAddresses();
        lock (_tableTurn)
        {
            foreach (var connection in table.List())
            {
                bool marked = (connection.Mark & ConnectionMark.Forbidden) != 0;
                switch (_judge.Allows(connection, host))
                {
                    case false when !marked:
                        if (table.Mark(connection.Original, ConnectionMark.Forbidden, ConnectionMark.Forbidden)) cut++;
                        break;
                    case true when marked:
                        table.Mark(connection.Original, 0, ConnectionMark.Forbidden);
                        break;
                }
            }
        }
        if (cut == 0) return;
        NodeMetrics.ConnectionsCut.Inc(cut);
        logger.ConnectionsCut(cut);
    }
}
