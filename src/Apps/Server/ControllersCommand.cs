using System.CommandLine;
using System.Reflection;
using Margay.Controllers;
using Margay.Controllers.Election;
using Margay.Model.Datastore.Kube;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Margay.Apps.Server;

/// <summary><c>margay-server controllers</c>: what keeps the cluster's state in order; nothing here is on the path of a packet.</summary>
internal static class ControllersCommand
{
    private static readonly Option<string?> KubeConfigFile = new("--kubeconfig") { Description = "The kubeconfig; default $KUBECONFIG, then ~/.kube/config." };

    private static readonly Option<string?> Datastore = new("--datastore")
    {
        Description = $"Where objects of projectcalico.org are: auto, v3, or crd (custom resources); default ${ClusterStore.ModeVariable}, then auto.",
    };

    private static readonly Option<bool> LeaderElect = new("--leader-elect")
    {
        Description = "Work only while holding the lease, so that several may run; --leader-elect=false for the only one.", DefaultValueFactory = _ => true,
    };

    private static readonly Option<string> LeaseNamespace = new("--lease-namespace")
    {
        Description = "The namespace of lease margay-controllers.", DefaultValueFactory = _ => new ElectionOptions().Namespace,
    };

    private static readonly Option<string[]> EnabledControllers = new("--enabled-controllers")
    {
        Description = "The controllers that run, whatever KubeControllersConfiguration lists: node, loadbalancer; commas between, or repeated.",
    };

    private static readonly Option<string> HealthHost = new("--health-host")
    {
        Description = "Where health and metrics listen; * for all addresses.", DefaultValueFactory = _ => "localhost",
    };

    private static readonly Option<int?> MetricsPort = new("--metrics-port") { Description = "Port of metrics and health; 0: none. Default: as KubeControllersConfiguration says, else 9094." };

    private static readonly Option<int> HealthPort = new("--health-port") { Description = "A further port for health; 0: none.", DefaultValueFactory = _ => 0 };

    public static Command Create()
    {
        var command = new Command("controllers", "Keep the cluster's state in order: host endpoints of nodes, addresses of services, leaked addresses.")
        {
            KubeConfigFile, Datastore, LeaderElect, LeaseNamespace, EnabledControllers, HealthHost, MetricsPort, HealthPort,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult given, CancellationToken stop)
    {
        var options = Options(given);
        if (options.Problem is { } problem) return Fail(problem);
        var threshold = new LogThreshold();
        using var logging = LoggerFactory.Create(builder => builder
            .SetMinimumLevel(LogLevel.Trace)
            .AddFilter(threshold.Passes)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
                console.UseUtcTimestamp = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
            })
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        try
        {
            using var store = Store(given);
            await new ControllersService(store, options, threshold, TimeProvider.System, logging).RunAsync(stop);
            return 0;
        }
        catch (Exception cause) when (cause is KubeConfigException or WorkDidNotEndException)
        {
            return Fail(cause.Message);
        }
    }

    /// <summary>The one place where the controllers' datastore is made.</summary>
    private static ClusterStore Store(ParseResult given) => ClusterStore.Open(
        KubeConfig.Connect(given.GetValue(KubeConfigFile)), given.GetValue(Datastore) is { } mode ? ClusterStore.ModeOf(mode) : null);

    private static ControllersOptions Options(ParseResult given) => new()
    {
        Election = given.GetValue(LeaderElect) ? new ElectionOptions { Namespace = given.GetValue(LeaseNamespace)! } : null,
        EnabledControllers = given.GetValue(EnabledControllers) is { Length: > 0 } names
            ? names.SelectMany(n => n.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(n => n.ToLowerInvariant()).ToHashSet()
            : null,
        HealthHost = given.GetValue(HealthHost)!,
        MetricsPort = given.GetValue(MetricsPort),
        HealthPort = given.GetValue(HealthPort),
        Version = "v" + (typeof(ControllersCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0"),
    };

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"margay-server controllers: {message}");
        return 1;
    }
}
