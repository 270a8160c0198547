using Margay.Controllers.Configuration;
using Margay.Controllers.Election;
using Margay.Controllers.Hosting;
using Margay.Ipam.Allocation;
using Margay.Model.Datastore;
using Microsoft.Extensions.Logging;

namespace Margay.Controllers;

/// <summary>
/// The controllers of a cluster, as one process of any number: it follows the configuration, serves health and metrics,
/// and works while it leads.
/// </summary>
public sealed class ControllersService(IResourceStore store, ControllersOptions options, LogThreshold threshold, TimeProvider time, ILoggerFactory logging)
{
    private readonly ILogger _logger = logging.CreateLogger<ControllersService>();

    /// <summary>Runs until <paramref name="stop"/> ends. A lease that it holds then is given back once all work has ended.</summary>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="WorkDidNotEndException">The work went on when another leader may begin: the process must end now.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        if (options.Problem is { } problem) throw new ArgumentException(problem);
        // Told from the beginning: a process that never led says 0, rather than nothing.
        ControllerMetrics.Leader.Set(0);
        using var ipamMetrics = new IpamMetrics();
        var leadership = new Leadership(time);
        var health = new ControllersHealth(options.Election?.Identity ?? Environment.MachineName, time);
        var settings = new SettingsSource(store, options.EnabledControllers, time, _logger, health);
        using var follows = settings.OnChange(() => threshold.Least = settings.Current.Level);

        using var all = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var parts = new List<Task>();
        void Run(Func<CancellationToken, Task> part) => parts.Add(Task.Run(() => part(all.Token), CancellationToken.None));
        Run(settings.RunAsync);
        Run(new HttpEndpoint(options.HealthHost, () => options.MetricsPort ?? settings.Current.MetricsPort, health, settings, time, _logger).RunAsync);
        if (options.HealthPort > 0) Run(new HttpEndpoint(options.HealthHost, () => options.HealthPort, health, settings, time, _logger).RunAsync);
        Run(ended => LeadAsync(leadership, settings, health, ipamMetrics, ended));

        // Any part that ends by itself ends the process: better started anew whole than running half.
        var first = await Task.WhenAny(parts);
        await all.CancelAsync();
        try
        {
            await Task.WhenAll(parts);
        }
        catch (OperationCanceledException) when (!first.IsFaulted)
        {
            // The end that was asked for.
        }
    }

    private async Task LeadAsync(Leadership leadership, SettingsSource settings, ControllersHealth health, IpamMetrics ipamMetrics, CancellationToken stop)
    {
        await settings.Known.WaitAsync(stop);
        health.StandsBy();
        if (options.Election is not { } election)
        {
            ControllerMetrics.Leader.Set(1);
            await Term(store).RunAsync(stop);
            return;
        }
        var fenced = new FencedStore(store, leadership);
        await new LeaderElector(store, election, leadership, time, _logger).RunAsync(ended => Term(fenced).RunAsync(ended), stop);

        ControllersTerm Term(IResourceStore through) => new(through, options, settings, health, ipamMetrics, time, _logger);
    }
}
