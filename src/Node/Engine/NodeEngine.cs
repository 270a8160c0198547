using System.Diagnostics;
using System.Threading.Channels;
using Margay.Dataplane.Contract;
using Margay.Model.Resources;
using Margay.Node.Endpoints;
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
    string node, PolicyGraph graph, RouteCalculator routes, IDataplane policyDataplane, IDataplane routeDataplane, IAppliedObserver observer,
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
    // Routes wait here while policy is refused: none may open a way to a pod whose policy is not in force.
    private readonly List<DataplaneUpdate> _paths = [];
    // Which pod of this node has a name, as the calculation knows it.
    private readonly Dictionary<(string? Namespace, string Name), string?> _uids = [];
    private readonly UnenforcedHostEndpoints _hostEndpoints = new(logger);
    private readonly TaskCompletionSource _inSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Retry _policyRetry = new(time, _firstRetry, _lastRetry);
    private readonly Retry _routeRetry = new(time, _lastRetry, _lastRetry);
    private CancellationToken _stop;
    private bool _listed;
    private bool _pending;
    private bool _resync;

    /// <summary>True once the loop has been told to end: nobody will be answered any more.</summary>
    public bool IsStopping => _stop.IsCancellationRequested || _inbox.Reader.Completion.IsCompleted;

    /// <summary>Done when the kernel has the first complete state.</summary>
    public Task InSync => _inSync.Task;

    /// <summary>Hands a message over; waits while the engine is behind.</summary>
    /// <exception cref="OperationCanceledException">The engine has ended.</exception>
    public async ValueTask SendAsync(Message message, CancellationToken stop)
    {
        try
        {
            await _inbox.Writer.WriteAsync(message, stop);
        }
        catch (ChannelClosedException)
        {
            throw new OperationCanceledException("The engine has ended.");
        }
    }

    /// <summary>Hands a message over and waits until the kernel has what it asks for.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up, or the engine has ended.</exception>
    public async Task SendAndWaitAsync(Message message, CancellationToken stop)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(message with { Done = done }, stop);
        // A caller that gives up takes its wish along.
        await using var gaveUp = stop.Register(() => done.TrySetCanceled(stop));
        await done.Task;
    }

    /// <summary>Runs until <paramref name="stop"/> ends. The kernel keeps what it has; who still waits is told that there will be no answer.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        _stop = stop;
        try
        {
            while (await WaitForWorkAsync(stop))
            {
                while (_inbox.Reader.TryRead(out var message)) Accept(message);
                if (_listed && (_pending || _resync) && _policyRetry.IsDue) await ProgramAsync(stop);
            }
        }
        finally
        {
            _inbox.Writer.TryComplete();
            while (_inbox.Reader.TryRead(out var message)) message.Done?.TrySetCanceled(CancellationToken.None);
            foreach (var (done, _) in _waiting) done.TrySetCanceled(CancellationToken.None);
        }
    }

    /// <summary>Waits for a message, or for the time of the next try when the kernel refused something.</summary>
    private async Task<bool> WaitForWorkAsync(CancellationToken stop)
    {
        if (stop.IsCancellationRequested) return false;
        if (UntilNextTry() is not { } wait) return await _inbox.Reader.WaitToReadAsync(stop);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var timer = Task.Delay(wait, time, either.Token);
        await Task.WhenAny(_inbox.Reader.WaitToReadAsync(either.Token).AsTask(), timer);
        await either.CancelAsync();
        if (timer.IsCompletedSuccessfully) _pending = true;
        return !stop.IsCancellationRequested;
    }

    private TimeSpan? UntilNextTry()
    {
        if (!_listed) return null;
        if (_policyRetry.Left is { } left) return left;
        return (_routeRetry.Left, UntilNextTime()) switch
        {
            ({ } route, { } policy) => route < policy ? route : policy,
            var (route, policy) => route ?? policy,
        };
    }

    // When a policy next begins or ceases to count. Somebody may set the clock meanwhile: it is looked at every minute.
    private TimeSpan? UntilNextTime()
    {
        if (graph.NextTime is not { } next) return null;
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
                    if (update.Key.Kind == "Pod") Know(update.Key, update.Value as Pod);
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
                Await(wired.Done, () => graph.Knows(endpoint.Namespace, endpoint.Name) && IsThatPod(endpoint, wired.Uid));
                break;
            case EndpointUnwired unwired:
                graph.RemoveLocalEndpoint(unwired.Endpoint.Namespace, unwired.Endpoint.Name);
                Await(unwired.Done);
                break;
            case InterfaceMade made:
                routes.Resend(made.Endpoint.ParsedAddresses);
                Await(made.Done);
                break;
            case TryPending pending:
                Await(pending.Done);
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

    private void Know(ResourceKey key, Pod? pod)
    {
        // Other nodes' pods are most of a cluster, and nobody here waits for them.
        if (pod?.Spec.NodeName == node) _uids[(key.Namespace, key.Name)] = pod.Metadata.Uid;
        else _uids.Remove((key.Namespace, key.Name));
    }

    private bool IsThatPod(LocalEndpointRecord endpoint, string? uid) =>
        uid is null || (_uids.TryGetValue((endpoint.Namespace, endpoint.Name), out string? known) && known == uid);

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
        int held = _paths.Count;
        _paths.AddRange(routes.Flush());
        _paths.AddRange(records.OfType<InSync>());
        NodeMetrics.CalcGraphOutput.Inc(records.Count + _paths.Count - held);
        _unobserved.AddRange(records);
        try
        {
            await policyDataplane.ApplyAsync(records, stop);
            if (_resync) await policyDataplane.ResyncAsync(stop);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            // What was refused is pending in the driver. An ADD that waits has a time limit of its own.
            NodeMetrics.ApplyFailures.Inc();
            if (_policyRetry.Refused()) logger.ApplyFailed(cause);
            health.Dataplane(cause.Message);
            return;
        }
        if (_policyRetry.Passed()) logger.ApplyRecovered();
        health.Dataplane(null);
        await ProgramRoutesAsync(stop);
        (_pending, _resync) = (false, false);
        NodeMetrics.ApplyTime.Observe(Stopwatch.GetElapsedTime(began).TotalSeconds);
        _inSync.TrySetResult();
        AnswerWaiters();
        observer.AfterApply([.. _unobserved]);
        _unobserved.Clear();
    }

    // A route to another node that the kernel refuses (no way there yet) must not hold up what concerns this node's pods, nor make the
    // node unready: new pods get their policy and their own routes.
    private async Task ProgramRoutesAsync(CancellationToken stop)
    {
        try
        {
            var paths = _paths.ToArray();
            // The driver keeps what it is given before it asks the kernel anything.
            _paths.Clear();
            await routeDataplane.ApplyAsync(paths, stop);
            if (_resync) await routeDataplane.ResyncAsync(stop);
            if (_routeRetry.Passed()) logger.RoutesRecovered();
            health.Routes(null);
            NodeMetrics.RoutesRefused.Set(0);
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            NodeMetrics.ApplyFailures.Inc();
            if (_routeRetry.Refused()) logger.RoutesRefused(cause);
            health.Routes(cause.Message);
            NodeMetrics.RoutesRefused.Set(cause is RoutesPendingException pending ? pending.Routes.Count : 1);
        }
    }

    private void AnswerWaiters()
    {
        for (int i = _waiting.Count - 1; i >= 0; i--)
        {
            if (!_waiting[i].Done.Task.IsCompleted && !_waiting[i].Ready()) continue;
            _waiting[i].Done.TrySetResult();
            _waiting.RemoveAt(i);
        }
    }
}
