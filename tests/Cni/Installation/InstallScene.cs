using System.Text;
using Margay.Cni.Installation;
using Margay.Cni.Tests.Harness;
using Microsoft.Extensions.Logging;

namespace Margay.Cni.Tests.Installation;

/// <summary>A node's folders, an image's plugins, a node service that is ready or not, and what the installer said.</summary>
internal sealed class InstallScene : IDisposable, ILogger
{
    private readonly TemporaryDirectory _directory = new();

    public InstallScene()
    {
        Options = new InstallOptions
        {
            Source = _directory.Sub("plugins"), Config = Path.Combine(_directory.Sub("config"), "10-margay.conflist"), BinFolder = _directory.Sub("bin"), ConfFolder = _directory.Sub("net.d"),
        };
        Directory.CreateDirectory(Options.Source);
        Directory.CreateDirectory(Path.GetDirectoryName(Options.Config)!);
        Ship("margay-cni", "plugin 1");
        Ship("portmap", "portmap 1");
        Configure("""{"cniVersion":"1.0.0","name":"margay","plugins":[{"type":"margay-cni","socket":"/run/x.sock"}]}""");
    }

    public InstallOptions Options { get; private set; }

    /// <summary>Why the node service is not ready; null: it is.</summary>
    public string? NotReady { get; set; }

    /// <summary>The socket that it was asked on.</summary>
    public string? AskedOn { get; private set; }

    public List<string> Log { get; } = [];

    public CniInstaller Installer(TimeProvider? time = null) => new(Options, socket =>
    {
        AskedOn = socket;
        return NotReady;
    }, time ?? TimeProvider.System, this);

    /// <summary>A plugin that the image brings.</summary>
    public void Ship(string name, string content) => File.WriteAllText(Path.Combine(Options.Source, name), content);

    public void Configure(string json) => File.WriteAllText(Options.Config, json);

    /// <summary>The configuration gets another name, as by another value of the chart.</summary>
    public void Rename(string name)
    {
        string renamed = Path.Combine(Path.GetDirectoryName(Options.Config)!, name);
        File.Move(Options.Config, renamed);
        Options = Options with { Config = renamed };
    }

    public string InBin(string name) => Path.Combine(Options.BinFolder, name);

    public string InConf(string name) => Path.Combine(Options.ConfFolder, name);

    /// <summary>All files on the node, hidden ones too, with the first characters of their content.</summary>
    public string Node()
    {
        var text = new StringBuilder();
        foreach (string folder in (string[])[Options.BinFolder, Options.ConfFolder])
            if (Directory.Exists(folder))
                foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
                    text.Append($"{Path.GetFileName(folder)}/{Path.GetFileName(file)}\n");
        return text.ToString();
    }

    public void Dispose() => _directory.Dispose();

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Log) Log.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
