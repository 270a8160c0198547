using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Margay.Answers.Sources;
using Margay.Model.Registry;
using Margay.Model.Yaml;

namespace Margay.Cli.Resources;

/// <summary>One object of a manifest.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Namespace">Its namespace: its own, else that of the command; null for cluster-wide kinds.</param>
/// <param name="Name">Its name; empty when the server is to make one.</param>
/// <param name="Object">The whole object.</param>
/// <param name="Source">File and line, for messages.</param>
internal sealed record Manifest(KindInfo Kind, string? Namespace, string Name, JsonObject Object, string Source);

/// <summary>Reads manifests as kubectl does: files, folders, URLs, standard input; YAML or JSON; several documents; lists.</summary>
internal static class ManifestReader
{
    /// <summary>Reads everything that the paths name, in order; files of a folder by name.</summary>
    /// <exception cref="CliException">A path is not there, or a document is not an object that we know; it names file and line.</exception>
    public static async IAsyncEnumerable<Manifest> ReadAsync(
        IReadOnlyList<string> paths, bool recursive, string defaultNamespace, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var path in paths)
        {
            await foreach (var (text, source) in TextsAsync(path, recursive, stop))
            {
                foreach (var manifest in Parse(text, source, defaultNamespace)) yield return manifest;
            }
        }
    }

    /// <summary>Reads one value, for patches on the command line.</summary>
    public static JsonNode ParseOne(string text)
    {
        try
        {
            return YamlReader.ReadOne(text, "--patch") ?? throw new CliException("--patch is empty.");
        }
        catch (YamlSyntaxException cause)
        {
            throw new CliException(cause.Message);
        }
    }

    private static async IAsyncEnumerable<(string Text, string Source)> TextsAsync(
        string path, bool recursive, [EnumeratorCancellation] CancellationToken stop)
    {
        if (path == "-")
        {
            yield return (await Console.In.ReadToEndAsync(stop), "standard input");
        }
        else if (path.StartsWith("http://", StringComparison.Ordinal) || path.StartsWith("https://", StringComparison.Ordinal))
        {
            using var http = new HttpClient();
            yield return (await http.GetStringAsync(new Uri(path), stop), path);
        }
        else if (Directory.Exists(path))
        {
            var depth = recursive ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
            var files = Directory.EnumerateFiles(path, "*", depth)
                .Where(ManifestFiles.IsManifest).Order(StringComparer.Ordinal).ToArray();
            if (files.Length == 0) throw new CliException($"{path} holds no {string.Join(", ", ManifestFiles.Extensions)} file{(recursive ? "" : "; -R looks into folders below")}.");
            foreach (var file in files) yield return (await File.ReadAllTextAsync(file, stop), file);
        }
        else if (File.Exists(path))
        {
            yield return (await File.ReadAllTextAsync(path, stop), path);
        }
        else
        {
            throw new CliException($"The path \"{path}\" does not exist.");
        }
    }

    private static IEnumerable<Manifest> Parse(string text, string source, string defaultNamespace)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlReader.ReadAll(text, source);
        }
        catch (YamlSyntaxException cause)
        {
            throw new CliException(cause.Message);
        }
        foreach (var document in documents)
        {
            string where = $"{document.Source}:{document.Line}";
            if (document.Root is not JsonObject found) throw new CliException($"{where}: expected an object with apiVersion and kind.");
            var items = found["items"] is JsonArray list && (found["kind"]?.GetValue<string>().EndsWith("List", StringComparison.Ordinal) ?? false)
                ? list.OfType<JsonObject>().Select(item => (JsonObject)item.DeepClone())
                : [found];
            foreach (var item in items) yield return ToManifest(item, where, defaultNamespace);
        }
    }

    private static Manifest ToManifest(JsonObject item, string where, string defaultNamespace)
    {
        string? apiVersion = Text(item["apiVersion"]);
        string? kindName = Text(item["kind"]);
        if (apiVersion is null) throw new CliException($"{where}: apiVersion is missing.");
        if (kindName is null) throw new CliException($"{where}: kind is missing.");
        var kind = KindRegistry.Find(apiVersion, kindName)
                   ?? throw new CliException($"{where}: no kind \"{kindName}\" in version \"{apiVersion}\".");
        if (item["metadata"] is not JsonObject metadata) throw new CliException($"{where}: metadata is missing.");
        string name = Text(metadata["name"]) ?? "";
        if (name.Length == 0 && metadata["generateName"] is null) throw new CliException($"{where}: metadata.name is missing.");
        string? ns = null;
        if (kind.Namespaced)
        {
            ns = Text(metadata["namespace"]) ?? defaultNamespace;
            metadata["namespace"] = ns;
        }
        return new Manifest(kind, ns, name, item, where);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
