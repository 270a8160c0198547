using Margay.ApiServer.Lifecycle;
using Margay.ApiServer.Storage;
using Microsoft.Extensions.Logging;

namespace Margay.ApiServer.Kubernetes;

/// <summary>Makes the tiers and settings that everything else takes for granted, as soon as the cluster lets us.</summary>
internal sealed class ExpectedObjects(ObjectOperations objects, KindFeeds feeds, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken stop)
    {
        await feeds.ListedAsync(stop);
        bool told = false;
        while (true)
        {
            try
            {
                await new Bootstrap(objects).RunAsync(stop);
                return;
            }
            catch (Exception cause) when (cause is Rest.ApiException or StorageUnavailableException)
            {
                // Another server may be making them at this moment, too.
                if (!told) logger.NotMade("What every cluster has (tiers, settings)", cause.Message);
                told = true;
                await Task.Delay(Again, time, stop);
            }
        }
    }
}
