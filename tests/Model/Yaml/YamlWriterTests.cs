using System.Text.Json.Nodes;
using CsCheck;
using Margay.Model.Yaml;
using Xunit;

namespace Margay.Model.Tests.Yaml;

public sealed class YamlWriterTests
{
    [Fact]
    public void A_manifest_looks_as_kubectl_writes_it()
    {
        var node = JsonNode.Parse(
            """
            {"apiVersion":"projectcalico.org/v3","kind":"NetworkPolicy","metadata":{"name":"p","labels":{"version":"1","on":"yes"},
             "creationTimestamp":"2024-01-01T00:00:00Z","annotations":{}},
             "spec":{"order":10.5,"selector":"app == 'x' && !has(y)","ingress":[{"action":"Allow","source":{"nets":["10.0.0.0/8","fd00::/8"],
             "ports":[80,"1000:2000"]}}],"egress":[],"types":["Ingress"]},"data":{"a":"one\ntwo\n"}}
            """);

        Assert.Equal(
            """
            apiVersion: projectcalico.org/v3
            kind: NetworkPolicy
            metadata:
              name: p
              labels:
                version: "1"
                "on": "yes"
              creationTimestamp: "2024-01-01T00:00:00Z"
              annotations: {}
            spec:
              order: 10.5
              selector: app == 'x' && !has(y)
              ingress:
              - action: Allow
                source:
                  nets:
                  - 10.0.0.0/8
                  - fd00::/8
                  ports:
                  - 80
                  - "1000:2000"
              egress: []
              types:
              - Ingress
            data:
              a: |
                one
                two

            """.ReplaceLineEndings("\n"),
            YamlWriter.Write(node));
    }

    [Fact]
    public void Documents_are_parted() => Assert.Equal("a: 1\n---\nb: 2\n", YamlWriter.WriteAll([JsonNode.Parse("""{"a":1}"""), JsonNode.Parse("""{"b":2}""")]));

    [Theory]
    [InlineData("\"x\"", "x\n")]
    [InlineData("null", "null\n")]
    [InlineData("[]", "[]\n")]
    [InlineData("12", "12\n")]
    public void Bare_values_are_documents(string json, string yaml) => Assert.Equal(yaml, YamlWriter.Write(JsonNode.Parse(json)));

    [Fact]
    public void What_is_written_is_read_again()
    {
        var word = Gen.Int[0, Words.Length - 1].Select(i => Words[i]);
        var text = Gen.Frequency((1, Gen.String), (3, word), (1, Gen.Select(word, word).Select((a, b) => a + b))).Select(Clean);
        var scalar = Gen.Frequency(
            (4, text.Select(s => (JsonNode?)JsonValue.Create(s))),
            (1, Gen.Int.Select(i => (JsonNode?)JsonValue.Create(i))),
            (1, Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b))),
            (1, Gen.Const((JsonNode?)null)));
        var tree = Tree(scalar, text, 3);

        tree.Select(value => new JsonObject { ["root"] = value?.DeepClone() }).Sample(
            node => JsonNode.DeepEquals(node, YamlReader.ReadOne(YamlWriter.Write(node))),
            iter: 3000,
            print: node => node.ToJsonString() + "\n" + YamlWriter.Write(node));
    }

    private static readonly string[] Words =
    [
        "yes", "null", "~", "0x1f", "1e3", "08", "1:20", "- a", "a: b", "a #b", " x", "x ", "\t", "", "'", "\"",
        "*a", "&a", "!t", "|", ">", "%", "@", "`", "{", "[", "?", ":", "-", "---", "...", "<<", "=", "a\nb", "a\n", "\na", "a\n\nb\n\n",
        " a\nb", "a \nb", "é", "😀", "\u0085", "\u2028", "\ufeff", "\0", "\r\n", "\u001b", "2001-01-01", "#", "a\tb", "a\n\tb\n", "key: |",
    ];

    private static Gen<JsonNode?> Tree(Gen<JsonNode?> scalar, Gen<string> text, int depth)
    {
        if (depth == 0)
            return scalar;
        var inner = Tree(scalar, text, depth - 1);
        var array = inner.Array[0, 4].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]));

        // No key of the API has a line break or a byte order mark; the library does not always read again what it makes of those.
        var key = text.Select(word => string.Concat(word.Select(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' ? '_' : c)));
        var map = Gen.Select(key, inner).Array[0, 4].Select(pairs =>
        {
            var made = new JsonObject();
            foreach (var (name, value) in pairs)
                made[name] = value?.DeepClone();
            return (JsonNode?)made;
        });
        return Gen.Frequency((1, scalar), (1, array), (1, map));
    }

    // Half of a surrogate pair is no text.
    private static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()));

    [Theory]
    [InlineData("a", 2000)]
    [InlineData("\u2028", 500)]
    [InlineData("\"", 1020)]
    public void Long_keys_are_read_again(string piece, int times)
    {
        string key = string.Concat(Enumerable.Repeat(piece, times));
        var read = YamlReader.ReadOne(YamlWriter.Write(new JsonObject { [key] = "x" }));
        Assert.Equal("x", read![key]!.GetValue<string>());
    }
}
