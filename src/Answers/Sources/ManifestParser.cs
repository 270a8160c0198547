using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Validation;
using Margay.Model.Yaml;

namespace Margay.Answers.Sources;

/// <summary>Reads texts into typed, defaulted, validated objects that know their place.</summary>
internal sealed class ManifestParser(string defaultNamespace)
{
    /// <summary>Reads a text; what is wrong becomes a problem of the set.</summary>
    internal void Read(SourceText text, ResourceSet into)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlReader.ReadAll(text.Text, text.Name);
        }
        catch (YamlSyntaxException error)
        {
            into.Problems.Add(new SourceProblem(SourcePlace.In(text, int.MaxValue, -1, error.Line), "", "", null, "Unreadable", $"{error.Problem} (column {error.Column})"));
            return;
        }
        for (int i = 0; i < documents.Count; i++)
        {
            var document = documents[i];
            if (document.Root is JsonObject root && Text(root["kind"])?.EndsWith("List", StringComparison.Ordinal) == true && root["items"] is JsonArray items)
            {
                for (int item = 0; item < items.Count; item++) Add(items[item], SourcePlace.In(text, i, item, document.Line), into);
            }
            else
            {
                Add(document.Root, SourcePlace.In(text, i, -1, document.Line), into);
            }
        }
    }

    private void Add(JsonNode? node, SourcePlace place, ResourceSet into)
    {
        if (node is not JsonObject value || Text(value["kind"]) is not { } kindName || Text(value["apiVersion"]) is not { } version)
        {
            into.Problems.Add(new SourceProblem(place, "", "", null, "Unreadable", "Expected an object with apiVersion and kind."));
            return;
        }
        string name = Text(value["metadata"]?["name"]) ?? "";
        string ns = Text(value["metadata"]?["namespace"]) ?? defaultNamespace;
        if (KindRegistry.Find(version, kindName) is not { } kind)
        {
            // Ingresses, roles and the like say nothing about policy; what makes pods does.
            if (Workload.Read(value, version, kindName, ns, name, place) is { } workload) into.Workloads.Add(workload);
            else if (version.StartsWith("projectcalico.org/", StringComparison.Ordinal) || version.StartsWith("policy.networking.k8s.io/", StringComparison.Ordinal))
                into.Problems.Add(new SourceProblem(place, $"{kindName}({name})", "kind", kindName, "UnknownKind", $"There is no kind \"{kindName}\" in {version}."));
            return;
        }
        if (kind.Namespaced && value["metadata"] is JsonObject metadata && Text(metadata["namespace"]) is null) metadata["namespace"] = ns;
        var result = DocumentValidator.Validate(value);
        string called = result.Value?.Key.ToString() ?? $"{kindName}({name})";
        foreach (var error in result.Errors)
            into.Problems.Add(new SourceProblem(place, called, error.Field, error.Value, error.Reason, error.Message) { Fix = error.Fix });
        // An invalid object counts when it is asked for: calculation closes what it cannot understand, leaving it out could open.
        if ((result.Value ?? ReadInvalid(kind, value)) is { } resource) into.Add(new LocatedResource(resource, place));
    }

    private static Resource? ReadInvalid(KindInfo kind, JsonObject value)
    {
        try
        {
            var resource = kind.Read(JsonSerializer.SerializeToUtf8Bytes(value, ModelJson.Default.JsonObject));
            ResourceDefaults.Apply(resource);
            return resource;
        }
        catch (JsonException)
        {
            // Wrong types have been reported; there is no object to count.
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
