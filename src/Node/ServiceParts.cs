using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Margay.Node;

/// <summary>
/// The loops of a service that run side by side. One that ends by itself ends them all and is named in the log: better started
/// again whole than running half.
/// </summary>
internal sealed class ServiceParts(ILogger logger, CancellationToken stop) : IDisposable
{
    private readonly CancellationTokenSource _all = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private readonly Lock _turn = new();
    private readonly List<Task> _running = [];
    private Exception? _cause;

    /// <summary>Starts a part. Parts may start parts.</summary>
    /// <param name="name">Its name in the log.</param>
    /// <param name="part">Runs until its token ends.</param>
    public void Run(string name, Func<CancellationToken, Task> part)
    {
        lock (_turn) _running.Add(Task.Run(() => FollowAsync(name, part), CancellationToken.None));
    }

    /// <summary>Waits until all have ended, which is the end that was asked for, or one part's failure.</summary>
    /// <exception cref="Exception">What ended the first part that failed.</exception>
    public async Task WhenEndedAsync()
    {
        for (int i = 0; TryGet(i, out var part); i++) await part;
        if (_cause is not null) ExceptionDispatchInfo.Throw(_cause);
    }

    /// <inheritdoc/>
    public void Dispose() => _all.Dispose();

    private bool TryGet(int index, out Task part)
    {
        lock (_turn)
        {
            part = index < _running.Count ? _running[index] : Task.CompletedTask;
            return index < _running.Count;
        }
    }

    private async Task FollowAsync(string name, Func<CancellationToken, Task> part)
    {
        try
        {
            await part(_all.Token);
            if (!_all.IsCancellationRequested) End(name, null);
        }
        catch (OperationCanceledException) when (_all.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        catch (Exception cause) when (_all.IsCancellationRequested)
        {
            logger.PartEndedBadly(name, cause);
        }
        catch (Exception cause)
        {
            End(name, cause);
        }
    }

    private void End(string name, Exception? cause)
    {
        logger.PartEnded(name, cause);
        Interlocked.CompareExchange(ref _cause, cause ?? new InvalidOperationException($"The part '{name}' ended by itself."), null);
        _all.Cancel();
    }
}
