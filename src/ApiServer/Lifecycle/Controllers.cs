using Margay.ApiServer.Hosting;
using Margay.ApiServer.Storage;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Lifecycle;

/// <summary>
/// Runs the server's own controllers: one loop over all changes, one controller after the other, so that none needs locks.
/// They see the whole state first, which makes a restart nothing special.
/// </summary>
internal sealed class Controllers : IAsyncDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly ObjectOperations _objects;
    private readonly ILogger _logger;
    private readonly IController[] _controllers;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public Controllers(ObjectOperations objects, ILogger logger)
    {
        (_objects, _logger) = (objects, logger);
        _controllers = [new ServiceAccounts(objects), new NamespaceContents(objects), new GarbageCollector(objects)];
    }

    public void Start() => _running = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        CancellationToken stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Most likely the storage refuses writes for a while. Everything is looked at afresh then.
                _logger.ControllerFailed("the controllers' loop", e);
                await Task.Delay(TimeSpan.FromSeconds(1), _objects.Context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        StoragePage state = await _objects.Context.Storage.ListAsync(new StorageQuery("/"), stop);
        foreach (IController controller in _controllers) controller.Restart();
        await HandleAsync([.. state.Items.Select(i => new StorageEvent(i.Revision, i.Key, i, null))], stop);
        IStorageWatch watch = _objects.Context.Storage.Watch("/", state.Revision);
        while (true) await HandleAsync((await watch.NextAsync(Quiet, stop)).Events, stop);
    }

    private async Task HandleAsync(IReadOnlyList<StorageEvent> changes, CancellationToken stop)
    {
        foreach (IController controller in _controllers)
        {
            foreach (StorageEvent change in changes) controller.Observe(change);
            await controller.SettleAsync(stop);
        }
    }
}

/// <summary>Watches the state and brings it where it should be.</summary>
internal interface IController
{
    /// <summary>Forgets what it knows; the whole state follows.</summary>
    void Restart();

    /// <summary>Takes note of a change; memory only.</summary>
    void Observe(StorageEvent change);

    /// <summary>Does what the changes ask for. What fails for good reasons is done after the next change.</summary>
    Task SettleAsync(CancellationToken stop);
}
