using System.CommandLine;
using Margay.Ipam.Allocation;
using Margay.Ipam.Collection;
using Margay.Model.Datastore;
using Margay.Model.Datastore.Kube;

namespace Margay.Apps.Server;

/// <summary><c>margay-server controllers</c>: what keeps the cluster's state tidy; nothing here is on the path of a packet.</summary>
internal static class ControllersCommand
{
    private static readonly Option<string?> KubeConfigFile = new("--kubeconfig") { Description = "The kubeconfig; default $KUBECONFIG, then ~/.kube/config." };

    private static readonly Option<double> Grace = new("--leak-grace-minutes")
    {
        Description = "How long an address must have been without an owner before it is taken back.", DefaultValueFactory = _ => IpamCollector.DefaultGrace.TotalMinutes,
    };

    private static readonly Option<string?> Datastore = new("--datastore")
    {
        Description = $"Where objects of projectcalico.org are: auto, v3, or crd (custom resources); default ${ClusterStore.ModeVariable}, then auto.",
    };

    public static Command Create()
    {
        var command = new Command("controllers", "Take back addresses that nobody uses.") { KubeConfigFile, Grace, Datastore };
        command.SetAction((given, stop) => RunAsync(given, TimeSpan.FromMinutes(given.GetValue(Grace)), stop));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult given, TimeSpan grace, CancellationToken stop)
    {
        ClusterStore client;
        try
        {
            client = ClusterStore.Open(
                KubeConfig.Connect(given.GetValue(KubeConfigFile)), given.GetValue(Datastore) is { } mode ? ClusterStore.ModeOf(mode) : null);
        }
        catch (KubeConfigException cause)
        {
            Console.Error.WriteLine($"margay-server controllers: {cause.Message}");
            return 1;
        }
        using var owned = client;
        using var metrics = new IpamMetrics();
        var collector = new IpamCollector(new IpamStore(client), new IpamClientOptions(), metrics, TimeProvider.System, grace);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var result = await collector.RunAsync(stop);
                Console.Error.WriteLine(
                    $"{DateTimeOffset.UtcNow:O} addresses: {result.Released.Count} released, {result.Suspected} suspected; {result.HandlesMended} handles, {result.ClaimsMended} claims mended, {result.BlocksGivenUp} blocks given up");
            }
            catch (Exception cause) when (cause is HttpRequestException or IOException or ApiException)
            {
                Console.Error.WriteLine($"{DateTimeOffset.UtcNow:O} addresses cannot be looked through now: {cause.Message}");
            }
            // Two observations at least the grace period apart decide, so a third of it is often enough.
            await Task.Delay(grace / 3, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return 0;
    }
}
