using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Answers.Reports;
using Margay.Answers.Sources;
using Margay.Model.Datastore.Crd;
using Margay.Model.Resources;
using Margay.Model.Validation;
using Margay.Model.Yaml;

namespace Margay.Answers.Migration;

/// <summary>
/// Looks through the custom resources of a cluster before Margay takes it over: what it does not support, what it cannot read,
/// what contradicts itself. Pure; nothing is changed anywhere.
/// </summary>
public sealed class MigrationCheck
{
    private const string Annotation = "projectcalico.org/metadata";
    private static readonly string[] OwnGroups = ["crd.projectcalico.org/", "projectcalico.org/"];

    private readonly ImmutableArray<Finding>.Builder _findings = ImmutableArray.CreateBuilder<Finding>();
    private readonly Dictionary<ResourceKey, string> _names = [];
    private FelixConfiguration? _felix; // the one that counts for all nodes

    /// <summary>How many objects were looked at.</summary>
    public int Objects { get; private set; }

    /// <summary>Everything found, the gravest first.</summary>
    public ImmutableArray<Finding> Findings => [.. _findings.OrderByDescending(finding => finding.Level)];

    /// <summary>Whether nothing stands in the way.</summary>
    public bool IsClear => _findings.All(finding => finding.Level != FindingLevel.Error);

    /// <summary>Adds a finding of somebody else: addresses that contradict each other, definitions that are missing.</summary>
    /// <param name="finding">The finding.</param>
    public void Add(Finding finding) => _findings.Add(finding);

    /// <summary>Looks at what runs: Calico's operator, and settings in the environment of its agent. After the custom resources.</summary>
    /// <param name="pods">The cluster's pods.</param>
    public void LookAtPods(IEnumerable<Pod> pods) => _findings.AddRange(RunningCalico.Of(pods, _felix));

    /// <summary>Looks at files, directories and standard input (<c>-</c>).</summary>
    /// <param name="paths">The paths.</param>
    /// <param name="recursive">Whether folders below a directory count.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="stop">Ends the reading.</param>
    /// <exception cref="AnswerException">A path is not there or is no manifest.</exception>
    public async Task ReadAsync(IEnumerable<string> paths, bool recursive, TextReader input, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (string path in paths)
        {
            foreach (var text in await FileSource.ReadAsync(path, recursive, input, stop)) Read(text);
        }
    }

    /// <summary>Looks at one object of the cluster.</summary>
    /// <param name="document">The object; it is not changed.</param>
    public void Look(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        Look((JsonObject)document.DeepClone(), SourcePlace.Cluster);
    }

    private void Read(SourceText text)
    {
        try
        {
            var documents = YamlReader.ReadAll(text.Text, text.Name);
            for (int i = 0; i < documents.Count; i++)
            {
                if (documents[i].Root is not JsonObject root) continue;
                if (root["items"] is not JsonArray items)
                {
                    Look((JsonObject)root.DeepClone(), SourcePlace.In(text, i, -1, documents[i].Line));
                    continue;
                }
                for (int item = 0; item < items.Count; item++)
                {
                    if (items[item] is JsonObject found) Look((JsonObject)found.DeepClone(), SourcePlace.In(text, i, item, documents[i].Line));
                }
            }
        }
        catch (YamlSyntaxException broken)
        {
            throw new AnswerException($"{text.Name}: {broken.Message}");
        }
    }

    private void Look(JsonObject document, SourcePlace place)
    {
        string version = document["apiVersion"]?.ToString() ?? "", kind = document["kind"]?.ToString() ?? "";
        if (!OwnGroups.Any(group => version.StartsWith(group, StringComparison.Ordinal))) return;
        Objects++;
        string called = $"{kind} {Called(document)}";
        if (version == CrdKind.ApiVersion)
        {
            if (CrdKinds.FindStored(version, kind) is not { } crd)
            {
                Tell("unknown-kind", FindingLevel.Warning, called, place, "kind", kind, "Margay does not know this kind; what it asks for is not done");
                return;
            }
            Annotated(document, called, place);
            string storedName = document["metadata"]?["name"]?.ToString() ?? "";
            CrdCodec.ToApi(crd, document);
            called = $"{crd.Api.Kind} {Called(document)}";
            Twins(new ResourceKey(crd.Api.ApiVersion, crd.Api.Kind, document["metadata"]?["namespace"]?.ToString() ?? "", document["metadata"]?["name"]?.ToString() ?? ""), storedName, called, place);
        }
        Judge(document, called, place);
    }

    private void Judge(JsonObject document, string called, SourcePlace place)
    {
        var result = DocumentValidator.Validate(document, FieldValidation.Warn);
        foreach (var error in result.Errors)
            Tell("invalid", FindingLevel.Error, called, place, error.Field, error.Value, $"{error.Message}; Margay treats what it cannot understand as closed, correct it before the takeover");
        foreach (var unknown in result.Warnings)
            Tell("unknown-field", FindingLevel.Warning, called, place, unknown.Field, unknown.Value, "Margay does not know this field; it has no effect and goes away when Margay writes the object");
        if (result.Value is null || result.Kind is not { } kind) return;
        // As it stands, without the defaults: only what somebody asked for counts.
        var asked = kind.Read(JsonSerializer.SerializeToUtf8Bytes(document, ModelJson.Default.JsonObject));
        if (asked is FelixConfiguration { Metadata.Name: "default" } felix) _felix = felix;
        foreach (var (field, text, level, message) in UnsupportedSettings.Of(asked)) Tell("unsupported", level, called, place, field, text, message);
    }

    private void Annotated(JsonObject document, string called, SourcePlace place)
    {
        if (document["metadata"]?["annotations"]?[Annotation] is not { } text) return;
        try
        {
            if (JsonNode.Parse(text.ToString()) is JsonObject) return;
        }
        catch (JsonException)
        {
            // Told below.
        }
        Tell("broken-metadata", FindingLevel.Warning, called, place, $"metadata.annotations[{Annotation}]", null, "the annotation is no JSON object; labels and name are taken from the custom resource itself");
    }

    private void Twins(ResourceKey key, string storedName, string called, SourcePlace place)
    {
        if (_names.TryAdd(key, storedName)) return;
        Tell("doubled-name", FindingLevel.Error, called, place, "metadata.name", storedName,
            $"{_names[key]} and {storedName} are both the policy {key.Name}; only one of them would count: delete the one that is not wanted");
    }

    private void Tell(string rule, FindingLevel level, string called, SourcePlace place, string field, string? value, string message) => _findings.Add(new Finding
    {
        Rule = rule, Level = level, Object = called, Field = field, Value = value, Message = message, File = place.File, Line = place.LineOf(field),
    });

    private static string Called(JsonObject document)
    {
        string ns = document["metadata"]?["namespace"]?.ToString() ?? "";
        return $"{(ns.Length == 0 ? "" : ns + "/")}{document["metadata"]?["name"]}";
    }
}
