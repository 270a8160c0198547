using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Cni.Protocol;
using Microsoft.Extensions.Logging;

namespace Margay.Cni.Installation;

/// <summary>
/// The list of plugins in the runtime's folder of configurations. From the moment that it is there kubelet reports the node
/// ready and pods come, so it is written last. It holds no credentials; only root reads it all the same. Which names it had is noted beside
/// it, so that one of an earlier name, which the runtime might go on to take, does not stay.
/// </summary>
internal sealed class NetworkConfigFile(InstallOptions options, ILogger logger)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly string[] _extensions = [".conf", ".conflist", ".json"];

    /// <summary>Reads and checks the configuration that is to be placed.</summary>
    /// <exception cref="InstallException">It cannot work.</exception>
    public byte[] Read()
    {
        if (!File.Exists(options.Config)) throw new InstallException($"{options.Config} does not exist: the ConfigMap of the network configuration is mounted there");
        byte[] content = File.ReadAllBytes(options.Config);
        _ = OwnPlugin(content, options.Config);
        return content;
    }

    /// <summary>The node service's socket as the configuration says it.</summary>
    public string? Socket(byte[] content) => OwnPlugin(content, options.Config)["socket"]?.GetValue<string>();

    /// <summary>Whether exactly this is on the node, and nothing of ours beside it.</summary>
    public bool IsInPlace(byte[] content) => AtomicFile.Is(options.Target, content, Mode) && Earlier(PlacedFiles.Load(options.ConfFolder)).Count == 0;

    /// <summary>Puts it on the node, and warns of others that the runtime would take in its place.</summary>
    public void Place(byte[] content)
    {
        Directory.CreateDirectory(options.ConfFolder);
        AtomicFile.RemoveUnfinished(options.ConfFolder);
        var placed = PlacedFiles.Load(options.ConfFolder);
        string name = Path.GetFileName(options.Target), wanted = Fingerprint.Of(content);
        placed.Add(name, wanted);
        if (!AtomicFile.Is(options.Target, content, Mode))
        {
            AtomicFile.Write(options.Target, content, Mode);
            logger.Placed(options.Target);
        }
        placed.KeepOnly(name, wanted);
        foreach (string earlier in Earlier(placed)) Remove(earlier);
        if (Preferred() is { } other) logger.OtherConfigurationWins(other, options.Target);
    }

    /// <summary>Removes it when it is ours: when it names our plugin.</summary>
    public void Remove()
    {
        if (!Directory.Exists(options.ConfFolder)) return;
        AtomicFile.RemoveUnfinished(options.ConfFolder);
        var placed = PlacedFiles.Load(options.ConfFolder);
        foreach (string file in Earlier(placed).Append(options.Target).Where(File.Exists))
        {
            if (NamesUs(file)) Remove(file);
            else logger.NotOurs(file);
        }
        placed.Delete();
    }

    private void Remove(string file)
    {
        File.Delete(file);
        logger.Removed(file);
    }

    /// <summary>What we placed under another name and is still there.</summary>
    private IReadOnlyList<string> Earlier(PlacedFiles placed) =>
        [.. placed.Names.Select(name => Path.Combine(options.ConfFolder, name)).Where(file => file != options.Target && File.Exists(file) && NamesUs(file))];

    private static bool NamesUs(string file) => File.ReadAllText(file).Contains($"\"{PluginFiles.Own}\"", StringComparison.Ordinal);

    private string? Preferred() => Directory.EnumerateFiles(options.ConfFolder)
        .Where(file => _extensions.Contains(Path.GetExtension(file)) && string.CompareOrdinal(Path.GetFileName(file), Path.GetFileName(options.Target)) < 0)
        .Order(StringComparer.Ordinal).FirstOrDefault();

    private static JsonObject OwnPlugin(byte[] content, string path)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(content);
        }
        catch (JsonException e)
        {
            throw new InstallException($"{path}: {e.Message}", e);
        }
        string? version = Text(root, "cniVersion");
        if (!CniVersion.TryParse(version, out var parsed) || !parsed.IsSupported)
            throw new InstallException($"{path}: cniVersion is \"{version}\"; use one of {string.Join(", ", CniVersion.Supported)}");
        if (string.IsNullOrEmpty(Text(root, "name"))) throw new InstallException($"{path}: name is missing; give the network a name");
        var plugins = (root as JsonObject)?["plugins"] as JsonArray;
        return plugins?.OfType<JsonObject>().FirstOrDefault(plugin => Text(plugin, "type") == PluginFiles.Own)
            ?? throw new InstallException($"{path}: plugins has no entry of type \"{PluginFiles.Own}\"");
    }

    private static string? Text(JsonNode? node, string key) =>
        (node as JsonObject)?[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
