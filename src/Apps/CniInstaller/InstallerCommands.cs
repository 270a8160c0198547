using System.CommandLine;
using Margay.Cni.Installation;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Margay.Apps.CniInstaller;

/// <summary><c>margay-cni-installer</c>: wiring only.</summary>
internal static class InstallerCommands
{
    private static readonly InstallOptions _defaults = new();
    private static readonly Option<string> _source = Folder("--source", "The plugins to place.", _defaults.Source);
    private static readonly Option<string> _config = Folder("--config", "The network configuration to place.", _defaults.Config);
    private static readonly Option<string> _bin = Folder("--bin-dir", "The host's folder of plugins.", _defaults.BinFolder);
    private static readonly Option<string> _conf = Folder("--conf-dir", "The host's folder of network configurations.", _defaults.ConfFolder);
    private static readonly Option<bool> _once = new("--once") { Description = "End after the installation; do not watch over it." };
    private static readonly Option<bool> _wait = new("--wait") { Description = "Stay and keep it so, for a pod that would otherwise start again." };

    public static RootCommand Create()
    {
        var install = new Command("install", "Place plugin and configuration, when the node service is ready, and keep them.") { _once };
        install.SetAction((given, stop) => RunAsync(given, (installer, stop) => given.GetValue(_once) ? installer.InstallAsync(stop) : installer.RunAsync(stop), stop));
        var uninstall = new Command("uninstall", "Remove from the node what was placed there, and nothing else.") { _wait };
        uninstall.SetAction((given, stop) => RunAsync(given, (installer, stop) =>
        {
            if (given.GetValue(_wait)) return installer.KeepUninstalledAsync(stop);
            installer.Uninstall();
            return Task.CompletedTask;
        }, stop));
        var check = new Command("check", "Exit with 0 when plugin and configuration are in place; for a readiness probe.");
        check.SetAction((given, stop) => RunAsync(
            given, (installer, _) => installer.IsInPlace() ? Task.CompletedTask : throw new InstallException("not in place yet"), stop));
        var root = new RootCommand("Puts the Margay CNI plugin and its configuration on a node.") { install, uninstall, check };
        foreach (var option in (Option[])[_source, _config, _bin, _conf])
        {
            option.Recursive = true;
            root.Add(option);
        }
        return root;
    }

    private static Option<string> Folder(string name, string description, string standard) =>
        new(name) { Description = description, DefaultValueFactory = _ => standard };

    private static async Task<int> RunAsync(ParseResult given, Func<Margay.Cni.Installation.CniInstaller, CancellationToken, Task> action, CancellationToken stop)
    {
        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
        var options = new InstallOptions
        {
            Source = given.GetValue(_source)!, Config = given.GetValue(_config)!, BinFolder = given.GetValue(_bin)!, ConfFolder = given.GetValue(_conf)!,
        };
        try
        {
            await action(new(options, TimeProvider.System, logging.CreateLogger<Margay.Cni.Installation.CniInstaller>()), stop);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception cause) when (cause is InstallException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"margay-cni-installer: {cause.Message}");
            return 1;
        }
    }
}
