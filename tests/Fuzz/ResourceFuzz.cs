using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.Model.Registry;
using Margay.Model.Validation;
using Margay.Model.Yaml;
using Xunit;

namespace Margay.Fuzz.Tests;

public sealed class ResourceFuzz
{
    private static readonly string[] _words =
    [
        "apiVersion: projectcalico.org/v3\n", "kind: NetworkPolicy\n", "kind: GlobalNetworkPolicy\n", "metadata:\n  name: a\n  namespace: b\n", "spec:\n  ",
        "order: 1e3\n", "selector: app == 'a'\n", "types: [Ingress, Egress]\n", "ingress:\n  - action: Allow\n", "---\n", "...\n", "- ", "\n  ", "{}", "[]", "null", "~",
        "yes", "0x1F", "!!str 1", "{\"kind\":\"Pod\",\"a\":[1,true,null,\"\\ud800\"]}", "!!binary aGk=", "&a ", "*a", "<<: *a\n", "\"", "'", "|\n  ", ">-\n  ", "# x\n", "? ", ": ", "%YAML 1.1\n", "nets: [10.0.0.0/8]\n",
        "ports: [80, '1:2', http]\n", "icmp: {type: 8, code: 0}\n", "podSelector: {}\n", "matchExpressions: [{key: a, operator: In, values: [b]}]\n", "1e999", "1_000",
    ];

    [Fact]
    public void Any_text_is_resources_or_an_error_and_prints_as_itself() =>
        new FuzzRun("resource", _words, Check) { StepsPerCharacter = 20_000, BytesPerCharacter = 200_000, MaxLength = 1200 }.Start();

    private static void Check(string text)
    {
        Check(text, null);
        Check(text, new YamlPositions());
    }

    /// <summary>JSON has a faster way when nobody asks for positions.</summary>
    private static void Check(string text, YamlPositions? positions)
    {
        IReadOnlyList<YamlDocument> documents;
        try
        {
            documents = YamlReader.ReadAll(text, "fuzz", positions);
        }
        catch (YamlSyntaxException)
        {
            return;
        }
        foreach (var document in documents)
        {
            string json = document.Root.ToJsonString();
            string yaml = YamlWriter.Write(document.Root);
            Assert.Equal(Canonical(document.Root), Canonical(YamlReader.ReadOne(yaml)));
            if (document.Root is JsonObject map) CheckObject(map, json);
        }
    }

    /// <summary>
    /// As JSON with numbers as Kubernetes keeps them, in 64 bits. JSON's own texts of numbers (1.10, or ninety digits) survive
    /// reading as they are; YAML has values only.
    /// </summary>
    private static string Canonical(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject map => "{" + string.Join(',', map.Select(field => $"{JsonValue.Create(field.Key)!.ToJsonString()}:{Canonical(field.Value)}")) + "}",
        JsonArray list => "[" + string.Join(',', list.Select(Canonical)) + "]",
        _ when node.GetValueKind() == JsonValueKind.Number => Number(node.ToJsonString()),
        _ => node.ToJsonString(),
    };

    private static string Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? $"{whole}"
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong big) ? $"{big}"
        : double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);

    private static void CheckObject(JsonObject map, string json)
    {
        if (KindRegistry.Find(Text(map["apiVersion"]), Text(map["kind"])) is not { } kind) return;
        Margay.Model.Resources.Resource resource;
        try
        {
            resource = kind.Read(Encoding.UTF8.GetBytes(json));
        }
        catch (JsonException)
        {
            return;
        }
        string written = Write(kind, resource);
        var again = kind.Read(Encoding.UTF8.GetBytes(written));
        Assert.Equal(written, Write(kind, again));
        foreach (var error in ResourceValidator.Validate(resource)) Assert.NotEmpty(error.ToString());
        ResourceDefaults.Apply(again);
        string defaulted = Write(kind, again);
        ResourceDefaults.Apply(again);
        Assert.Equal(defaulted, Write(kind, again));
        _ = ResourceValidator.Validate(again, resource);
    }

    private static string Write(KindInfo kind, Margay.Model.Resources.Resource resource) => JsonSerializer.Serialize(resource, kind.TypeInfo);

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
