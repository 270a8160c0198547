using System.CommandLine;
using Margay.Installation;
using Margay.Model.Datastore.Kube;

namespace Margay.Apps.Server;

/// <summary><c>margay-server installation</c>: keeps the status of Installation <c>default</c>, and makes the pools that it asks for.</summary>
internal static class InstallationCommand
{
    private static readonly Option<string?> KubeConfigFile = new("--kubeconfig") { Description = "The kubeconfig; default $KUBECONFIG, then ~/.kube/config, or the pod's service account." };

    private static readonly Option<string> OwnNamespace = new("--namespace") { Description = "Where the agents run.", DefaultValueFactory = _ => "margay-system" };

    private static readonly Option<double> Period = new("--period-seconds") { Description = "How often the cluster is looked at.", DefaultValueFactory = _ => 10 };

    public static Command Create()
    {
        var command = new Command("installation", "Say in Installation default what is ready, on its way or wrong, and why.") { KubeConfigFile, OwnNamespace, Period };
        command.SetAction((given, stop) => RunAsync(given, stop));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult given, CancellationToken stop)
    {
        try
        {
            using var controller = new InstallationController(KubeConfig.Connect(given.GetValue(KubeConfigFile)), given.GetValue(OwnNamespace)!, TimeProvider.System);
            await WatchAsync(controller, TimeSpan.FromSeconds(given.GetValue(Period)), stop);
            return 0;
        }
        catch (KubeConfigException cause)
        {
            await Console.Error.WriteLineAsync($"margay-server installation: {cause.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    // A failure is told when it begins and when it ends.
    private static async Task WatchAsync(InstallationController controller, TimeSpan period, CancellationToken stop)
    {
        string? told = null;
        using var timer = new PeriodicTimer(period);
        do
        {
            string? failure = null;
            try
            {
                await controller.RunOnceAsync(stop);
            }
            catch (Exception cause) when (cause is HttpRequestException or IOException || (cause is OperationCanceledException && !stop.IsCancellationRequested))
            {
                failure = cause.Message;
            }
            if (failure != told) await Console.Error.WriteLineAsync($"{DateTimeOffset.UtcNow:O} {failure ?? "the cluster answers again"}");
            told = failure;
        }
        while (await timer.WaitForNextTickAsync(stop));
    }
}
