using System.Text.Json.Nodes;
using Margay.ApiServer.Definitions;
using Margay.Model.Datastore.Crd;
using Margay.Model.Yaml;

namespace Margay.ApiServer.Tests.Definitions;

public sealed class ResourceDefinitionsTests
{
    [Fact]
    public void There_is_a_definition_for_every_kind_that_is_stored()
    {
        var names = ResourceDefinitions.All().Select(d => YamlReader.ReadOne(d.Yaml, d.File)!["metadata"]!["name"]!.ToString());
        Assert.Equal([.. CrdKinds.All.Select(k => k.DefinitionName), "clusternetworkpolicies.policy.networking.k8s.io"], names);
    }

    [Fact]
    public void Every_field_has_a_type_and_nothing_is_referred_to()
    {
        foreach (var (file, yaml) in ResourceDefinitions.All())
        {
            JsonNode schema = YamlReader.ReadOne(yaml, file)!["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!;
            Check((JsonObject)schema, file);
        }
    }

    [Fact]
    public void The_files_in_deploy_are_what_the_types_say()
    {
        string folder = RepositoryFolder.In("deploy", "crds");
        var made = ResourceDefinitions.All();
        Assert.Equal(made.Select(d => d.File).Order(StringComparer.Ordinal), Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        foreach (var (file, yaml) in made)
            Assert.True(yaml == File.ReadAllText(Path.Combine(folder, file)), $"deploy/crds/{file} is not what margay-server crds --out deploy/crds writes");
    }

    private static void Check(JsonObject schema, string path)
    {
        bool open = schema.ContainsKey("x-kubernetes-int-or-string") || schema.ContainsKey("x-kubernetes-preserve-unknown-fields");
        Assert.True(schema.ContainsKey("type") || open, path);
        Assert.False(schema.ContainsKey("$ref"), path);
        foreach (var (name, field) in schema["properties"] as JsonObject ?? []) Check((JsonObject)field!, $"{path}.{name}");
        if (schema["items"] is JsonObject items) Check(items, $"{path}[]");
        if (schema["additionalProperties"] is JsonObject values) Check(values, $"{path}{{}}");
    }
}
