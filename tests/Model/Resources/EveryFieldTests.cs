using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Margay.Model.Registry;
using Margay.Model.Yaml;
using Xunit;

namespace Margay.Model.Tests.Resources;

public sealed class EveryFieldTests
{
    private const int Times = 40;

    public static TheoryData<string, string> Kinds() =>
        new(KindRegistry.All.Select(kind => (kind.ApiVersion, kind.Kind)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_read_is_written_again_through_json(string apiVersion, string kindName)
    {
        var kind = KindRegistry.Find(apiVersion, kindName)!;

        AnyJson.Of(kind).Sample(
            value =>
            {
                var written = Write(kind, value);
                Assert.True(JsonNode.DeepEquals(value, written), $"read    {value.ToJsonString()}\nwritten {written.ToJsonString()}");
            },
            iter: Times);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_as_yaml_is_read_again(string apiVersion, string kindName)
    {
        var kind = KindRegistry.Find(apiVersion, kindName)!;

        AnyJson.Of(kind).Sample(
            value =>
            {
                string yaml = YamlWriter.Write(value);
                var read = YamlReader.ReadOne(yaml)!;
                Assert.True(JsonNode.DeepEquals(value, read), $"{value.ToJsonString()}\n{yaml}\n{read.ToJsonString()}");
            },
            iter: Times);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fields_that_a_kind_does_not_have_are_dropped_and_nulls_are_absent(string apiVersion, string kindName)
    {
        var kind = KindRegistry.Find(apiVersion, kindName)!;
        var value = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kindName, ["metadata"] = new JsonObject { ["name"] = "a", ["nmae"] = "b", ["labels"] = null } };

        Assert.Equal("""{"name":"a"}""", Write(kind, value)["metadata"]!.ToJsonString());
    }

    private static JsonNode Write(KindInfo kind, JsonObject value) =>
        JsonSerializer.SerializeToNode(kind.Read(JsonSerializer.SerializeToUtf8Bytes(value)), kind.TypeInfo)!;
}
