using System.Text.Json.Nodes;
using Margay.ApiServer.Patch;
using Margay.ApiServer.Rest;
using Margay.ApiServer.Schema;

namespace Margay.ApiServer.Tests.Patch;

public sealed class PatchTests
{
    private static JsonObject Object(string json) => (JsonObject)JsonNode.Parse(json)!;

    private static void Same(string expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual.ToJsonString()}");

    // The examples of RFC 7386, appendix A, as far as they are about objects.
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", """{}""")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("""{}""", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void A_merge_patch_does_as_its_rfc_says(string target, string patch, string expected) =>
        Same(expected, new MergePatch(Object(patch)).Apply(Object(target)));

    [Theory]
    [InlineData("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"baz":"qux","foo":"bar"}""")]
    [InlineData("""{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [InlineData("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""")]
    [InlineData("""{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""")]
    [InlineData("""{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [InlineData("""{"baz":"qux"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo"}""")]
    [InlineData("""{"foo":{"bar":"baz","waldo":"fred"},"qux":{}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"thud":"fred"}}""")]
    [InlineData("""{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""")]
    [InlineData("""{"a":{"b":1}}""", """[{"op":"copy","from":"/a","path":"/c"},{"op":"replace","path":"/c/b","value":2}]""", """{"a":{"b":1},"c":{"b":2}}""")]
    [InlineData("""{"/":9,"~1":10,"a/b":1}""", """[{"op":"test","path":"/~01","value":10},{"op":"remove","path":"/a~1b"}]""", """{"/":9,"~1":10}""")]
    [InlineData("""{"foo":null}""", """[{"op":"test","path":"/foo","value":null}]""", """{"foo":null}""")]
    [InlineData("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""")]
    public void A_json_patch_does_as_its_rfc_says(string target, string patch, string expected) =>
        Same(expected, new JsonPatch((JsonArray)JsonNode.Parse(patch)!).Apply(Object(target)));

    [Theory]
    [InlineData("""[{"op":"add","path":"/x/y","value":1}]""", 422)]
    [InlineData("""[{"op":"add","path":"/list/9","value":1}]""", 422)]
    [InlineData("""[{"op":"add","path":"/list/01","value":1}]""", 422)]
    [InlineData("""[{"op":"remove","path":"/none"}]""", 422)]
    [InlineData("""[{"op":"remove","path":"/list/-"}]""", 422)]
    [InlineData("""[{"op":"replace","path":"/none","value":1}]""", 422)]
    [InlineData("""[{"op":"test","path":"/a","value":2}]""", 422)]
    [InlineData("""[{"op":"test","path":"/none","value":2}]""", 422)]
    [InlineData("""[{"op":"move","from":"/o","path":"/o/in"}]""", 422)]
    [InlineData("""[{"op":"copy","from":"/none","path":"/b"}]""", 422)]
    [InlineData("""[{"op":"remove","path":""}]""", 422)]
    [InlineData("""[{"op":"replace","path":"","value":[1]}]""", 422)]
    [InlineData("""[{"op":"jump","path":"/a"}]""", 400)]
    [InlineData("""[{"op":"add","value":1}]""", 400)]
    [InlineData("""[{"op":"add","path":"/b"}]""", 400)]
    [InlineData("""[{"op":"add","path":"b","value":1}]""", 400)]
    [InlineData("""[7]""", 400)]
    public void A_json_patch_that_does_not_fit_is_refused(string patch, int code)
    {
        var refused = Assert.Throws<ApiException>(() =>
            new JsonPatch((JsonArray)JsonNode.Parse(patch)!).Apply(Object("""{"a":1,"o":{},"list":[1,2]}""")));
        Assert.Equal(code, refused.Code);
    }

    private static JsonObject Pod(string target, string patch) => new StrategicMergePatch(Object(patch),
        ServedKinds.Catalog.Value.PatchSchema("v1", "Pod")).Apply(Object(target));

    [Theory]
    [InlineData("""{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"2"}]}}""",
        """{"spec":{"containers":[{"name":"b","image":"3"},{"name":"c","image":"4"}]}}""",
        """{"spec":{"containers":[{"name":"a","image":"1"},{"name":"b","image":"3"},{"name":"c","image":"4"}]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""",
        """{"spec":{"containers":[{"name":"a","$patch":"delete"}]}}""", """{"spec":{"containers":[{"name":"b"}]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""",
        """{"spec":{"containers":[{"$patch":"replace"},{"name":"z"}]}}""", """{"spec":{"containers":[{"name":"z"}]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"1"}],"args":["p","q"]}]}}""",
        """{"spec":{"containers":[{"name":"a","env":[{"name":"Y","value":"2"}],"args":["r"]}]}}""",
        """{"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}],"args":["r"]}]}}""")]
    [InlineData("""{"metadata":{"labels":{"a":"1","b":"2"}}}""", """{"metadata":{"labels":{"a":null,"c":"3"}}}""",
        """{"metadata":{"labels":{"b":"2","c":"3"}}}""")]
    [InlineData("""{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"$patch":"replace","c":"3"}}}""", """{"metadata":{"labels":{"c":"3"}}}""")]
    [InlineData("""{"metadata":{"labels":{"a":"1"}}}""", """{"metadata":{"labels":{"$patch":"delete"}}}""", """{"metadata":{}}""")]
    [InlineData("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"finalizers":["c"],"$deleteFromPrimitiveList/finalizers":["a"]}}""",
        """{"metadata":{"finalizers":["b","c"]}}""")]
    [InlineData("""{"spec":{"containers":[{"name":"a"},{"name":"b"}]}}""",
        """{"spec":{"$setElementOrder/containers":[{"name":"c"},{"name":"b"},{"name":"a"}],"containers":[{"name":"c"}]}}""",
        """{"spec":{"containers":[{"name":"c"},{"name":"b"},{"name":"a"}]}}""")]
    [InlineData("""{"spec":{"volumes":[{"name":"v","emptyDir":{}}]}}""",
        """{"spec":{"volumes":[{"name":"v","$retainKeys":["name","hostPath"],"hostPath":{"path":"/x"}}]}}""",
        """{"spec":{"volumes":[{"name":"v","hostPath":{"path":"/x"}}]}}""")]
    public void A_strategic_patch_merges_lists_by_their_keys(string target, string patch, string expected) => Same(expected, Pod(target, patch));

    [Fact]
    public void A_strategic_patch_without_a_key_or_with_an_unknown_directive_is_refused()
    {
        Assert.Equal(400, Assert.Throws<ApiException>(() => Pod("{}", """{"spec":{"containers":[{"image":"x"}]}}""")).Code);
        Assert.Equal(400, Assert.Throws<ApiException>(() => Pod("{}", """{"spec":{"$patch":"explode"}}""")).Code);
    }
}
