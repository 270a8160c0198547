using System.Diagnostics;
using System.Threading.Channels;
using Margay.Dataplane.Contract;
using Margay.Node.Health;
using Margay.Policy.Graph;
using Margay.Routing.Kernel;
using Margay.Routing.Routes;
using Microsoft.Extensions.Logging;

namespace Margay.Node.Engine;

/// <summary>
/// The one loop that owns the calculation and the data planes. Accepting a message edits memory; the kernel is written
/// once per burst. Nothing is programmed before everything has been listed: what the kernel enforced before a restart
/// stays in force until the new state is complete.
/// </summary>
internal sealed class NodeEngine(
    PolicyGraph graph, RouteCalculator routes, IDataplane policyDataplane, IDataplane routeDataplane, IAppliedObserver observer,
    NodeHealth health, TimeProvider time, ILogger<NodeEngine> logger)
{
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _lastRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestSleep = TimeSpan.FromMinutes(1);

    private readonly Channel<Message> _inbox =
        Channel.CreateBounded<Message>(new BoundedChannelOptions(1024) { SingleReader = true });

    // Who waits for the kernel, and for what else: a pod that is not known yet is closed, and is not ready.
    private readonly List<(TaskCompletionSource Done, Func<bool> Ready)> _waiting = [];
    private readonly List<DataplaneUpdate> _unobserved = [];
    private readonly UnenforcedHostEndpoints _hostEndpoints = new(logger);
    private readonly TaskCompletionSource _inSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _routesRefused;
    private bool _listed;
    private bool _pending;
    private bool _resync;
    private TimeSpan _retry = _firstRetry;

    /// <summary>True once the loop has been told to end: nobody will be answered any more.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Done when the kernel has the first complete state.</summary>
    public Task InSync => _inSync.Task;

    /// <summary>Hands a message over; waits while the engine is behind.</summary>
    public ValueTask SendAsync(Message message, CancellationToken stop) => _inbox.Writer.WriteAsync(message, stop);

    /// <summary>Hands a message over and waits until the kernel has what it asks for.</summary>
    public async Task SendAndWaitAsync(Func<TaskCompletionSource, Message> message, CancellationToken stop)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(message(done), stop);
        // A caller that gives up takes its wish along.
        await using var gaveUp = stop.Register(() => done.TrySetCanceled(stop));
        await done.Task;
    }

    /// <summary>Runs until <paramref name="stop"/> ends. The kernel keeps what it has.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var ending = stop.Register(() => IsStopping = true);
        while (!stop.IsCancellationRequested)
        {
            if (!await WaitForWorkAsync(stop)) return;
            while (_inbox.Reader.TryRead(out var message)) Accept(message);
            if (_listed && (_pending || _resync)) await ProgramAsync(stop);
        }
    }

    /// <summary>Waits for a message, or for the time of the next try when the kernel refused something.</summary>
    private async Task<bool> WaitForWorkAsync(CancellationToken stop)
    {
        bool retries = _listed && (_pending || _resync);
        if ((retries ? _retry : UntilNextTime()) is not { } wait) return await _inbox.Reader.WaitToReadAsync(stop);
        using var retry = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var timer = Task.Delay(wait, time, retry.Token);
        await Task.WhenAny(_inbox.Reader.WaitToReadAsync(retry.Token).AsTask(), timer);
        await retry.CancelAsync();
        if (!retries && timer.IsCompletedSuccessfully) _pending = true;
        return !stop.IsCancellationRequested;
    }

    // When a policy next begins or ceases to count. Somebody may set the clock meanwhile: it is looked at every minute.
    private TimeSpan? UntilNextTime()
    {
        if (!_listed || graph.NextTime is not { } next) return null;
        var left = next - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < _longestSleep ? left : _longestSleep;
    }

    private void Accept(Message message)
    {
        switch (message)
        {
            case ResourcesChanged changed:
                foreach (var update in changed.Updates)
                {
                    graph.Apply(update);
                    routes.Accept(update);
                }
                NodeMetrics.CalcGraphUpdates.Inc(changed.Updates.Count);
                break;
            case AllListed:
                graph.MarkInSync();
                _listed = true;
                break;
            case EndpointWired wired:
                var endpoint = wired.Endpoint;
                graph.SetLocalEndpoint(endpoint.ToLocalEndpoint());
                Await(wired.Programmed, () => graph.Knows(endpoint.Namespace, endpoint.Name));
                break;
            case EndpointUnwired unwired:
                if (!unwired.PodStays) graph.RemoveLocalEndpoint(unwired.Endpoint.Namespace, unwired.Endpoint.Name);
                Await(unwired.Programmed);
                break;
            case TryPending pending:
                Await(pending.Programmed);
                break;
            case Resync resync:
                _resync = true;
                Await(resync.Done);
                break;
            default:
                throw new UnreachableException($"The engine has no case for {message.GetType().Name}.");
        }
        _pending = true;
    }

    // A route to another node that the kernel refuses (no way there yet) must not hold up what concerns this node's pods.
    private async Task ProgramRoutesAsync(IReadOnlyList<DataplaneUpdate> paths, CancellationToken stop)
    {
        try
        {
            await routeDataplane.ApplyAsync(paths, stop);
            if (_resync) await routeDataplane.ResyncAsync(stop);
            _routesRefused = null;
        }
        catch (RoutesPendingException cause)
        {
            if (_routesRefused is null) logger.ApplyFailed(cause);
            _routesRefused = cause.Message;
        }
    }

    private void Await(TaskCompletionSource? done, Func<bool>? ready = null)
    {
        if (done is not null) _waiting.Add((done, ready ?? (() => true)));
    }

    private async Task ProgramAsync(CancellationToken stop)
    {
        long began = Stopwatch.GetTimestamp();
        graph.SetTime(time.GetUtcNow());
        var records = _hostEndpoints.HoldBack(graph.Drain());
        foreach (var record in records) routes.Accept(record);
        List<DataplaneUpdate> paths = [.. routes.Flush(), .. records.OfType<InSync>()];
        NodeMetrics.CalcGraphOutput.Inc(records.Count + paths.Count);
        _unobserved.AddRange(records);
        try
        {
            await policyDataplane.ApplyAsync(records, stop);
            if (_resync) await policyDataplane.ResyncAsync(stop);
            await ProgramRoutesAsync(paths, stop);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            // What was refused is pending in the driver. Waiters go on waiting: they have time limits of their own.
            NodeMetrics.ApplyFailures.Inc();
            if (_retry == _firstRetry) logger.ApplyFailed(cause);
            health.Dataplane(cause.Message);
            _retry = _retry * 2 < _lastRetry ? _retry * 2 : _lastRetry;
            return;
        }
        if (_retry != _firstRetry && _routesRefused is null) logger.ApplyRecovered();
        (_pending, _resync) = (_routesRefused is not null, false);
        _retry = _routesRefused is null ? _firstRetry : _lastRetry;
        NodeMetrics.ApplyTime.Observe(Stopwatch.GetElapsedTime(began).TotalSeconds);
        health.Dataplane(_routesRefused);
        _inSync.TrySetResult();
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (!_waiting[i].Done.Task.IsCompleted && !_waiting[i].Ready()) continue;
            _waiting[i].Done.TrySetResult();
            _waiting.RemoveAt(i);
        }
        observer.AfterApply([.. _unobserved]);
        _unobserved.Clear();
    }
}
