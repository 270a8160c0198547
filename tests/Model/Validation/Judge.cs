using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Resources;
using Margay.Model.Validation;
using Margay.Model.Yaml;
using Xunit;

namespace Margay.Model.Tests.Validation;

/// <summary>Makes objects from short YAML and says what is wrong with them.</summary>
internal static class Judge
{
    public static readonly string[] Fine = [];

    /// <summary>An object with its defaults; <paramref name="text"/> is its spec, or all but its kind where it has metadata.</summary>
    public static Resource Make(string kind, string text, string name = "name", string apiVersion = ApiVersions.ProjectCalico)
    {
        var info = KindRegistry.Find(apiVersion, kind)!;
        var read = YamlReader.ReadOne(text)?.DeepClone() as JsonObject ?? [];
        JsonObject json = read.ContainsKey("spec") || read.ContainsKey("metadata") ? read : new() { ["spec"] = read };
        var metadata = json["metadata"] as JsonObject ?? [];
        json["metadata"] = metadata;
        metadata["name"] ??= name;
        if (info.Namespaced)
            metadata["namespace"] ??= "n";
        var value = info.Read(JsonSerializer.SerializeToUtf8Bytes(json, ModelJson.Default.JsonObject));
        ResourceDefaults.Apply(value);
        return value;
    }

    /// <summary>Demands exactly these mistakes, each a field and a reason.</summary>
    public static void Expect(string kind, string text, params IEnumerable<string> mistakes) =>
        ExpectOf(ApiVersions.ProjectCalico, kind, text, mistakes);

    /// <summary>Demands exactly these mistakes, each a field and a reason, of a kind of another group.</summary>
    public static void ExpectOf(string apiVersion, string kind, string text, params IEnumerable<string> mistakes) =>
        Assert.Equal(mistakes, ResourceValidator.Validate(Make(kind, text, apiVersion: apiVersion)).Select(Short));

    public static string Short(ValidationError error) => $"{error.Field} {error.Reason["FieldValue".Length..]}";
}
