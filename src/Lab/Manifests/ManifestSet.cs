using System.Text.Json.Nodes;
using Margay.Lab.Topology;
using Margay.Model.Yaml;

namespace Margay.Lab.Manifests;

/// <summary>
/// The objects of a lab's manifests, in the order in which they are applied: namespaces and accounts before what lives
/// in them, everything else in the order of the files. Pods for outside the cluster are set apart.
/// </summary>
internal sealed class ManifestSet
{
    /// <summary>The annotation that puts a pod outside the cluster; its value lists the pod's addresses.</summary>
    public const string OutsideAnnotation = "lab.margay.io/outside";

    private static readonly string[] First = ["Namespace", "ServiceAccount", "IPPool", "Tier"];

    private ManifestSet(IReadOnlyList<JsonObject> objects, IReadOnlyList<OutsideHost> outside) => (Objects, Outside) = (objects, outside);

    /// <summary>What goes to the API server.</summary>
    public IReadOnlyList<JsonObject> Objects { get; }

    /// <summary>What runs outside the cluster.</summary>
    public IReadOnlyList<OutsideHost> Outside { get; }

    /// <summary>Reads files, and the *.yaml, *.yml and *.json files of directories (not of the directories in them).</summary>
    public static ManifestSet Load(IEnumerable<string> paths)
    {
        var objects = new List<JsonObject>();
        foreach (string file in paths.SelectMany(Files)) objects.AddRange(Read(file));
        return From(objects);
    }

    /// <summary>From objects that have been read already.</summary>
    public static ManifestSet From(IEnumerable<JsonObject> objects)
    {
        var all = objects.ToList();
        var outside = all.Where(document => Addresses(document) is not null).Select(Outsider).ToList();
        return new ManifestSet([.. all.Where(document => Addresses(document) is null).OrderBy(Rank)], outside);
    }

    private static int Rank(JsonObject document)
    {
        int rank = Array.IndexOf(First, Text(document["kind"]));
        return rank < 0 ? First.Length : rank;
    }

    private static IEnumerable<string> Files(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new LabException($"{path}: no such file or directory");
        return Directory.EnumerateFiles(path)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json")
            .Order(StringComparer.Ordinal);
    }

    private static IEnumerable<JsonObject> Read(string file)
    {
        foreach (var document in Parse(file))
        {
            if (document.Root is not JsonObject root) throw new LabException($"{file}:{document.Line}: not an object");
            if (Text(root["kind"]) is "List" && root["items"] is JsonArray items)
            {
                foreach (var item in items) yield return item!.DeepClone().AsObject();
            }
            else
            {
                yield return root;
            }
        }
    }

    private static IReadOnlyList<YamlDocument> Parse(string file)
    {
        try
        {
            return YamlReader.ReadAll(File.ReadAllText(file), file);
        }
        catch (YamlSyntaxException failure)
        {
            throw new LabException(failure.Message, cause: failure);
        }
    }

    private static string? Addresses(JsonObject document) =>
        Text(document["kind"]) == "Pod" ? Text(document["metadata"]?["annotations"]?[OutsideAnnotation]) : null;

    private static OutsideHost Outsider(JsonObject document)
    {
        string name = Text(document["metadata"]?["name"]) ?? throw new LabException("a pod outside the cluster needs a name");
        if (document["spec"]?["containers"] is not JsonArray { Count: 1 } containers)
            throw new LabException($"pod {name}: a pod outside the cluster has exactly one container");
        var container = containers[0]!;
        var command = Texts(container["command"]).Concat(Texts(container["args"])).ToList();
        if (command.Count == 0) throw new LabException($"pod {name}: the container needs a command");
        var ports = (container["ports"] as JsonArray ?? []).Select(port => Port(name, port?["containerPort"]));
        return new OutsideHost(
            name, [.. Addresses(document)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)], command, [.. ports]);
    }

    private static int Port(string pod, JsonNode? node) =>
        int.TryParse(node?.ToString(), out int port) ? port : throw new LabException($"pod {pod}: containerPort \"{node}\" is not a number");

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static IEnumerable<string> Texts(JsonNode? node) => (node as JsonArray ?? []).Select(entry => entry?.ToString() ?? "");
}
