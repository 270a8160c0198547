using Margay.Controllers.Hosting;
using Margay.Model.Datastore;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers.Election;

/// <summary>
/// Lets one process of several work: whoever holds the lease. The others stand by. Who cannot renew it in time stops its
/// work before anybody else can begin.
/// </summary>
internal sealed class LeaderElector(IResourceStore store, ElectionOptions options, Leadership leadership, TimeProvider time, ILogger logger)
{
    private readonly LeaseClaim _claim = new(store, options, leadership, time);
    private bool _troubled;
    private string? _standsBehind;

    /// <summary>Campaigns until it is stopped; each time it wins, the work runs until the lease is lost.</summary>
    /// <param name="work">What a leader does; must end soon after its token does.</param>
    /// <param name="stop">Ends it; the lease is given back once the work has ended.</param>
    /// <exception cref="WorkDidNotEndException">The work went on when somebody else may begin. The process must end.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        while (true)
        {
            await AcquireAsync(stop);
            logger.Leads(options.Identity, options.Lease);
            _standsBehind = null;
            await LeadAsync(work, stop);
            stop.ThrowIfCancellationRequested();
            logger.LeaseLost(options.Identity, options.Lease);
        }
    }

    private async Task AcquireAsync(CancellationToken stop)
    {
        while (!await AttemptAsync(options.RenewDeadline, stop))
        {
            if (_claim.Holder is { Length: > 0 } holder && holder != _standsBehind)
            {
                logger.StandsBy(options.Lease, holder, options.Identity);
                _standsBehind = holder;
            }
            // client-go's jitter: candidates must not come in step.
            await Task.Delay(options.RetryPeriod * (1 + 1.2 * Random.Shared.NextDouble()), time, stop);
        }
    }

    private async Task LeadAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        using var lost = new CancellationTokenSource(leadership.Left, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, lost.Token);
        ControllerMetrics.Leader.Set(1);
        var working = Task.Run(() => work(end.Token), CancellationToken.None);
        var renewing = RenewAsync(lost, end.Token);
        try
        {
            // Work that ends by itself, or fails, ends the whole: better begun anew than half done.
            if (await Task.WhenAny(working, renewing) == working && !end.IsCancellationRequested) await working;
        }
        finally
        {
            await end.CancelAsync();
            await EndAsync(working, renewing, stop);
            ControllerMetrics.Leader.Set(0);
        }
    }

    // Renews until the lease is lost or the work is to end.
    private async Task RenewAsync(CancellationTokenSource lost, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.RetryPeriod, time, end);
                await AttemptAsync(leadership.Left, end);
                if (!leadership.Holds) return;
                lost.CancelAfter(leadership.Left);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The end that was asked for.
        }
    }

    private async Task EndAsync(Task working, Task renewing, CancellationToken stop)
    {
        await renewing;
        try
        {
            await working.WaitAsync(options.LeaseDuration - options.RenewDeadline, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            throw new WorkDidNotEndException(options.Lease);
        }
        catch (OperationCanceledException)
        {
            // The end that was asked for.
        }
        if (stop.IsCancellationRequested) await ReleaseAsync();
    }

    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(options.RetryPeriod, time);
        try
        {
            if (await _claim.ReleaseAsync(limit.Token)) logger.LeaseReleased(options.Identity, options.Lease);
        }
        catch (Exception cause) when (IsTrouble(cause))
        {
            // Then the next one waits until it runs out.
            logger.LeaseTrouble(options.Lease, cause);
        }
    }

    private async Task<bool> AttemptAsync(TimeSpan limit, CancellationToken stop)
    {
        if (limit <= TimeSpan.Zero) return false;
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var late = new CancellationTokenSource(limit, time);
        using var registration = late.Token.Register(attempt.Cancel);
        try
        {
            bool held = await _claim.TryAsync(attempt.Token);
            _troubled = false;
            return held;
        }
        catch (Exception cause) when (IsTrouble(cause) && !stop.IsCancellationRequested)
        {
            ControllerMetrics.LeaseFailures.Inc();
            if (!_troubled) logger.LeaseTrouble(options.Lease, cause);
            _troubled = true;
            return false;
        }
    }

    private static bool IsTrouble(Exception cause) =>
        cause is ApiException or HttpRequestException or IOException or OperationCanceledException or System.Text.Json.JsonException;
}

/// <summary>The work of a leader that has lost its lease did not end in time.</summary>
/// <param name="lease">The lease.</param>
public sealed class WorkDidNotEndException(string lease) : Exception(
    $"the controllers did not stop in time after lease {lease} was lost: the process ends, so that two never work at once");
