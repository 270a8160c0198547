using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Storage;

namespace Margay.ApiServer.Tests.Rest;

public sealed class DocumentParserTests
{
    [Theory]
    [InlineData("""{"a":1,"a":2}""", "a")]
    [InlineData("""{"a":{"b":[{"c":1},{"c":1,"d":2,"c":3}]}}""", "a.b[1].c")]
    [InlineData("""{"a":{"b":1,"b":{"x":1,"x":2}},"a":0}""", "a.b.x a.b a")]
    [InlineData("""{"a":[[{"b":1,"b":2}]]}""", "a[0][0].b")]
    [InlineData("""{"a":{"b":1},"c":{"b":1}}""", "")]
    public void Repeated_fields_are_told_by_their_paths(string json, string paths)
    {
        var found = new List<string>();
        DocumentParser.Parse(Encoding.UTF8.GetBytes(json), found);
        Assert.Equal(paths, string.Join(' ', found));
    }

    [Fact]
    public void Of_a_repeated_field_the_last_one_counts() =>
        Assert.Equal("""{"a":{"b":3}}""", DocumentParser.Parse("""{"a":1,"a":{"b":2,"b":3}}"""u8)!.ToJsonString());

    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","x":[1]},"spec":{"metadata":{"name":"q"}}}""", """{"name":"p","x":[1]}""")]
    [InlineData("""{"spec":{"metadata":{"name":"q"}},"metadata":null}""", null)]
    [InlineData("""{"spec":{}}""", null)]
    [InlineData("{}", null)]
    public void One_field_is_read_alone(string json, string? metadata) =>
        Assert.Equal(metadata, DocumentParser.Member(Encoding.UTF8.GetBytes(json), "metadata"u8)?.ToJsonString());

    [Theory]
    [InlineData("")]
    [InlineData("{} {}")]
    [InlineData("""{"a":}""")]
    public void What_is_not_one_document_is_refused(string json) => Assert.ThrowsAny<JsonException>(() => DocumentParser.Parse(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:00Z"}}""", true)]
    [InlineData("""{"metadata":{"name":"a","annotations":{"deletionTimestamp":"no"}}}""", false)]
    [InlineData("""{"metadata":{"name":"a"},"spec":{"deletionTimestamp":"no"}}""", false)]
    [InlineData("""{"metadata":{"name":"a"}}""", false)]
    public void An_object_on_its_way_out_is_known_by_its_metadata(string stored, bool expected)
    {
        byte[] bytes = StoredForm.Write((JsonObject)JsonNode.Parse(stored)!);
        Assert.Equal(expected, ObjectView.Of(new StoredObject("/a", bytes, 1, 1)).IsDeleting);
    }
}
