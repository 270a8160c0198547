using Microsoft.Extensions.Logging;

namespace Margay.Cni.Installation;

/// <summary>
/// Puts the plugin and its configuration on a node and keeps them there. Every step may be repeated, whatever an earlier
/// run that died has left: plugins, then the wait for the node service, then the configuration. An end leaves all in
/// place, because an upgrade ends it too; <see cref="Uninstall"/> takes it away, in the opposite order.
/// </summary>
public sealed class CniInstaller
{
    private readonly InstallOptions _options;
    private readonly Func<string?, string?> _whyNotReady;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PluginFiles _plugins;
    private readonly NetworkConfigFile _config;
    private string? _told;

    /// <summary>The installer on this node.</summary>
    public CniInstaller(InstallOptions options, TimeProvider time, ILogger<CniInstaller> logger)
        : this(options, ServiceProbe.WhyNot, time, logger)
    {
    }

    internal CniInstaller(InstallOptions options, Func<string?, string?> whyNotReady, TimeProvider time, ILogger logger)
    {
        (_options, _whyNotReady, _time, _logger) = (options, whyNotReady, time, logger);
        _plugins = new PluginFiles(options, logger);
        _config = new NetworkConfigFile(options, logger);
    }

    /// <summary>Whether plugin and configuration are on the node as this version wants them.</summary>
    public bool IsInPlace() => _plugins.IsInPlace() && _config.IsInPlace(_config.Read());

    /// <summary>Installs, then repairs what somebody removes or changes, until <paramref name="stop"/> ends.</summary>
    /// <exception cref="InstallException">The input of the first installation cannot work.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await InstallAsync(stop);
        using var timer = new PeriodicTimer(_options.Period, _time);
        while (await timer.WaitForNextTickAsync(stop)) Repair();
    }

    /// <summary>Installs: returns when the node can take pods.</summary>
    /// <exception cref="InstallException">The configuration or the image cannot work.</exception>
    public async Task InstallAsync(CancellationToken stop)
    {
        byte[] content = _config.Read();
        _plugins.Place();
        string? told = null;
        while (_whyNotReady(_config.Socket(content)) is { } reason)
        {
            if (reason != told) _logger.WaitingForService(reason);
            told = reason;
            await Task.Delay(TimeSpan.FromSeconds(1), _time, stop);
        }
        _config.Place(content);
    }

    /// <summary>Takes away what is ours: first what invites pods, last what the plugin still needs to delete them.</summary>
    public void Uninstall()
    {
        _config.Remove();
        _plugins.Remove();
    }

    /// <summary>
    /// Takes away what is ours, and again whatever an installer that is about to end puts back, until <paramref name="stop"/> ends.
    /// </summary>
    public async Task KeepUninstalledAsync(CancellationToken stop)
    {
        Uninstall();
        using var timer = new PeriodicTimer(_options.Period, _time);
        while (await timer.WaitForNextTickAsync(stop))
            if (File.Exists(_options.Target) || File.Exists(Path.Combine(_options.BinFolder, PluginFiles.Own))) Uninstall();
    }

    // An edited ConfigMap arrives here too. A bad one leaves the node with the good one that it has.
    internal void Repair()
    {
        try
        {
            byte[] content = _config.Read();
            if (!_plugins.IsInPlace()) _plugins.Place();
            if (!_config.IsInPlace(content)) _config.Place(content);
            _told = null;
        }
        catch (Exception cause) when (cause is InstallException or IOException or UnauthorizedAccessException)
        {
            if (_told != cause.Message) _logger.CannotRepair(cause.Message);
            _told = cause.Message;
        }
    }
}
