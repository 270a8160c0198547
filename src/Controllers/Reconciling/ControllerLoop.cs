using Margay.Controllers.Hosting;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Margay.Controllers.Reconciling;

/// <summary>Runs one controller: its queue, its workers, and a look at everything from time to time.</summary>
internal sealed class ControllerLoop(IController controller, DatastoreGate gate, TimeProvider time, ILogger logger) : IDisposable
{
    private const int Workers = 4;

    /// <summary>How often everything is looked at without an occasion; upstream's figure.</summary>
    internal static readonly TimeSpan ResyncPeriod = TimeSpan.FromMinutes(5);

    private readonly WorkQueue _queue = new(time);

    /// <summary>Takes note of a change.</summary>
    public void Observe(in ResourceUpdate update)
    {
        foreach (string key in controller.Observe(update)) _queue.Add(key);
        Measure();
    }

    /// <summary>Has every key looked at.</summary>
    public void AddAll()
    {
        foreach (string key in controller.Keys()) _queue.Add(key);
        Measure();
    }

    /// <summary>Works until it is stopped; to be called when every change up to now has been observed.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        AddAll();
        return Task.WhenAll([.. Enumerable.Range(0, Workers).Select(_ => WorkAsync(stop)), ResyncAsync(stop)]);
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private async Task ResyncAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(ResyncPeriod, time);
        while (await timer.WaitForNextTickAsync(stop)) AddAll();
    }

    private async Task WorkAsync(CancellationToken stop)
    {
        while (true)
        {
            string key = await _queue.TakeAsync(stop);
            Measure();
            // When the gate opens, everything is looked at again.
            if (controller.WaitsForDatastore && !gate.IsOpen) _queue.Done(key, succeeded: true);
            else await ReconcileAsync(key, stop);
        }
    }

    private async Task ReconcileAsync(string key, CancellationToken stop)
    {
        using var timing = ControllerMetrics.Duration.WithLabels(controller.Name).NewTimer();
        try
        {
            var again = await controller.ReconcileAsync(key, stop);
            if (_queue.Done(key, succeeded: true) > 0) logger.ReconcileRecovered(controller.Name, key);
            if (again is { } wait) _queue.AddAfter(key, wait);
            ControllerMetrics.Reconciles.WithLabels(controller.Name, "done").Inc();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        // Whatever it is: this key waits, the others go on.
        catch (Exception cause)
        {
            if (_queue.Done(key, succeeded: false) == 1) logger.ReconcileFailed(controller.Name, key, cause);
            ControllerMetrics.Reconciles.WithLabels(controller.Name, "failed").Inc();
        }
    }

    private void Measure() => ControllerMetrics.QueueLength.WithLabels(controller.Name).Set(_queue.Length);
}
