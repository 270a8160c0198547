using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Follows the front proxy's settings: authorities are renewed while we run.</summary>
internal sealed class FrontProxyFeed(IResourceStore cluster, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FrontProxySettings _settings = new();
    private volatile string? _trouble = "not read yet";

    /// <summary>The settings that hold now. As long as there are none, nobody is known by a certificate.</summary>
    public FrontProxySettings Current => _settings;

    /// <summary>Ends when the settings were read for the first time, or are known to be missing.</summary>
    public Task FirstRead => _read.Task;

    /// <summary>Why nobody can be known yet, or changes are not heard of; null when all is well.</summary>
    public string? Trouble => _trouble is { } why ? $"ConfigMap {FrontProxySettings.Namespace}/{FrontProxySettings.Name}: {why}" : null;

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await FollowAsync(stop);
            }
            catch (Exception cause) when (!stop.IsCancellationRequested)
            {
                // A bug; what was read goes on, and somebody should know that changes are not heard of.
                _trouble = cause.Message;
                logger.FrontProxyUnread(cause.Message);
            }
            await Task.Delay(Again, time, stop);
        }
    }

    private async Task FollowAsync(CancellationToken stop)
    {
        var scope = new Scope(FrontProxySettings.Namespace, FieldSelector: $"metadata.name={FrontProxySettings.Name}");
        var informer = new Informer(cluster, [new InformerSource(KindRegistry.Of<ConfigMap>(), scope)], new InformerOptions
        {
            Time = time, OnTrouble = (_, cause) => { if (cause is not null) Unread(cause.Message); },
        });
        Task running = informer.RunAsync(stop);
        await foreach (InformerBatch batch in informer.Batches.ReadAllAsync(stop))
        {
            foreach (ResourceUpdate update in batch.Updates) Take(update.Value as ConfigMap);
            if (!batch.InSync) continue;
            _trouble = null;
            _read.TrySetResult();
        }
        await running;
    }

    /// <summary>Once they were read they hold; that the cluster is away is told by others.</summary>
    private void Unread(string why)
    {
        if (!_read.Task.IsCompleted) _trouble = why;
        logger.FrontProxyUnread(why);
    }

    private void Take(ConfigMap? map)
    {
        try
        {
            _settings = map is null ? new FrontProxySettings() : FrontProxySettings.Read(map);
        }
        catch (FormatException broken)
        {
            // What held before goes on: a slip of somebody's hand must not shut everybody out, and lets nobody in.
            logger.FrontProxyBroken(broken.Message);
        }
    }
}
