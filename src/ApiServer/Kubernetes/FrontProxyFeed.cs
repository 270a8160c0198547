using Margay.Model.Datastore;
using Margay.Model.Datastore.Informers;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Follows the front proxy's settings: authorities are renewed while we run.</summary>
internal sealed class FrontProxyFeed(IResourceStore cluster, TimeProvider time, ILogger logger)
{
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FrontProxySettings _settings = new();

    /// <summary>The settings that hold now. As long as there are none, nobody is known by a certificate.</summary>
    public FrontProxySettings Current => _settings;

    /// <summary>Ends when the settings were read for the first time, or are known to be missing.</summary>
    public Task FirstRead => _read.Task;

    public async Task RunAsync(CancellationToken stop)
    {
        var scope = new Scope(FrontProxySettings.Namespace, FieldSelector: $"metadata.name={FrontProxySettings.Name}");
        var informer = new Informer(cluster, [new InformerSource(KindRegistry.Of<ConfigMap>(), scope)], new InformerOptions
        {
            Time = time, OnTrouble = (_, cause) => { if (cause is not null) logger.FrontProxyUnread(cause.Message); },
        });
        Task running = informer.RunAsync(stop);
        await foreach (InformerBatch batch in informer.Batches.ReadAllAsync(stop))
        {
            foreach (ResourceUpdate update in batch.Updates) Take(update.Value as ConfigMap);
            if (batch.InSync) _read.TrySetResult();
        }
        await running;
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
