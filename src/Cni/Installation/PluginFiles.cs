using Microsoft.Extensions.Logging;

namespace Margay.Cni.Installation;

/// <summary>
/// The plugins in the runtime's folder. Ours is always made the version that this image brings. Those that it is chained
/// with (portmap, bandwidth, loopback) belong to the host when the host has them, and are placed only where they lack.
/// </summary>
internal sealed class PluginFiles(InstallOptions options, ILogger logger)
{
    /// <summary>The file name of our plugin.</summary>
    public const string Own = "margay-cni";

    private const UnixFileMode Mode = (UnixFileMode)0b111_101_101;

    /// <summary>Puts in place what lacks or differs.</summary>
    public void Place()
    {
        Directory.CreateDirectory(options.BinFolder);
        AtomicFile.RemoveUnfinished(options.BinFolder);
        var placed = PlacedFiles.Load(options.BinFolder);
        var sources = Directory.EnumerateFiles(options.Source).Order(StringComparer.Ordinal).ToList();
        if (!sources.Exists(source => Path.GetFileName(source) == Own)) throw new InstallException($"{options.Source} has no {Own}: is this the image of the installer?");
        foreach (string source in sources) Place(source, placed);
    }

    /// <summary>Whether our plugin is there as this image brings it.</summary>
    public bool IsInPlace() => AtomicFile.Is(Path.Combine(options.BinFolder, Own), File.ReadAllBytes(Path.Combine(options.Source, Own)), Mode);

    /// <summary>Removes what is ours.</summary>
    public void Remove()
    {
        if (!Directory.Exists(options.BinFolder)) return;
        var placed = PlacedFiles.Load(options.BinFolder);
        foreach (string name in placed.Names.Append(Own).Distinct())
        {
            string path = Path.Combine(options.BinFolder, name);
            if (File.Exists(path) && (name == Own || placed.Has(name, Fingerprint.Of(File.ReadAllBytes(path)))))
            {
                File.Delete(path);
                logger.Removed(path);
            }
        }
        AtomicFile.RemoveUnfinished(options.BinFolder);
        placed.Delete();
    }

    private void Place(string source, PlacedFiles placed)
    {
        string name = Path.GetFileName(source), path = Path.Combine(options.BinFolder, name);
        byte[] content = File.ReadAllBytes(source);
        string wanted = Fingerprint.Of(content);
        if (AtomicFile.Is(path, content, Mode))
        {
            placed.KeepOnly(name, wanted);
            return;
        }
        bool foreign = name != Own && File.Exists(path) && !placed.Has(name, Fingerprint.Of(File.ReadAllBytes(path)));
        if (foreign) return;
        placed.Add(name, wanted);
        AtomicFile.Write(path, content, Mode);
        placed.KeepOnly(name, wanted);
        logger.Placed(path);
    }
}
