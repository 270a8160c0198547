using System.Text.Json.Nodes;
using Margay.Model.Yaml;
using Xunit;

namespace Margay.Model.Tests.Yaml;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("y", "true")]
    [InlineData("'yes'", "\"yes\"")]
    [InlineData("\"no\"", "\"no\"")]
    [InlineData("~", "null")]
    [InlineData("0755", "493")]
    [InlineData("0o17", "15")]
    [InlineData("0x1F", "31")]
    [InlineData("0b101", "5")]
    [InlineData("-12", "-12")]
    [InlineData("+7", "7")]
    [InlineData("1_000", "1000")]
    [InlineData("08", "8")]
    [InlineData("1e3", "1000")]
    [InlineData(".5", "0.5")]
    [InlineData("1.", "1")]
    [InlineData("18446744073709551615", "18446744073709551615")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("10.0.0.0/8", "\"10.0.0.0/8\"")]
    [InlineData("1000:2000", "\"1000:2000\"")]
    [InlineData("2024-01-01", "\"2024-01-01\"")]
    [InlineData("2024-01-01T00:00:00Z", "\"2024-01-01T00:00:00Z\"")]
    [InlineData("-", "[null]")]
    [InlineData("+", "\"+\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("! 12", "\"12\"")]
    [InlineData("!!binary aGVsbG8=", "\"hello\"")]
    [InlineData("truely", "\"truely\"")]
    [InlineData("0x", "\"0x\"")]
    [InlineData("1e", "\"1e\"")]
    public void Scalars_mean_what_kubernetes_reads(string scalar, string json) =>
        Assert.Equal(
            JsonNode.Parse(json)?.ToJsonString(),
            YamlReader.ReadOne("k: " + (scalar == "-" ? "\n- " : scalar))!["k"]?.ToJsonString());

    [Fact]
    public void Documents_are_told_apart_and_empty_ones_left_out()
    {
        var documents = YamlReader.ReadAll("# only a comment\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n", "f.yaml");

        Assert.Equal(["""{"a":1}""", """{"b":2}"""], documents.Select(document => document.Root.ToJsonString()));
        Assert.Equal([2, 6], documents.Select(document => document.Line));
    }

    [Fact]
    public void Json_is_read_too_one_object_after_the_other()
    {
        var documents = YamlReader.ReadAll("{\"a\": 1.50,\n \"b\": [true, null]}\n{\"c\": {}}");

        Assert.Equal(["""{"a":1.50,"b":[true,null]}""", """{"c":{}}"""], documents.Select(d => d.Root.ToJsonString()));
        Assert.Equal([1, 3], documents.Select(document => document.Line));
        Assert.Equal("""{"a":"b"}""", YamlReader.ReadOne("{a: b}")!.ToJsonString());
    }

    [Fact]
    public void Anchors_and_merges_unfold()
    {
        string yaml = """
            base: &base {a: 1, b: [x]}
            copy: *base
            more:
              <<: *base
              b: 2
            several:
              <<: [{a: 7, c: 8}, *base]
            """;

        Assert.Equal(
            """{"base":{"a":1,"b":["x"]},"copy":{"a":1,"b":["x"]},"more":{"b":2,"a":1},"several":{"a":7,"c":8,"b":["x"]}}""",
            YamlReader.ReadOne(yaml)!.ToJsonString());
    }

    [Fact]
    public void Keys_become_strings() =>
        Assert.Equal("""{"1":"a","true":"b","1.5":"c"}""", YamlReader.ReadOne("1: a\non: b\n1.5: c")!.ToJsonString());

    [Theory]
    [InlineData("a: 1\nb: [1, 2\n", 3, 1)]
    [InlineData("a: 1\n  b: 2\n", 2, 4)]
    [InlineData("a: 1\na: 2\n", 2, 1)]
    [InlineData("a: *nobody\n", 1, 4)]
    [InlineData("a: .inf\n", 1, 4)]
    [InlineData("{\"a\": 1e999}", 1, 7)]
    [InlineData("? {x: 1}\n: 2\n", 1, 3)]
    [InlineData("a: !!int x\n", 1, 4)]
    public void Errors_say_where(string yaml, long line, long column)
    {
        var error = Assert.Throws<YamlSyntaxException>(() => YamlReader.ReadAll(yaml, "f.yaml"));

        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"f.yaml:{line}:{column}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_doubles_itself_is_refused()
    {
        var lines = Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]");

        var error = Assert.Throws<YamlSyntaxException>(() => YamlReader.ReadAll("a0: &a0 x\n" + string.Join('\n', lines)));

        Assert.Contains("too much", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Throws<YamlSyntaxException>(() => YamlReader.ReadAll(new string('[', 500) + new string(']', 500) + " x"));

    /// <summary>The fuzzer found them.</summary>
    [Theory]
    [InlineData("...\n...\n")]
    [InlineData("!!.+.. x")]
    [InlineData("a: \"\\ud800\"")]
    [InlineData("{\"a\": \"\\udc00\"}")]
    public void What_the_library_cannot_read_or_nobody_could_write_is_a_syntax_error(string yaml) =>
        Assert.Throws<YamlSyntaxException>(() => YamlReader.ReadAll(yaml));

    [Theory]
    [InlineData("a: \"\\ud83d\\ude00\"")]
    [InlineData("{\"a\": \"\\ud83d\\ude00\"}")]
    public void A_character_may_be_written_as_two_escapes(string yaml) =>
        Assert.Equal("\U0001f600", YamlReader.ReadOne(yaml)!["a"]!.GetValue<string>());

    [Fact]
    public void An_empty_text_has_no_documents()
    {
        Assert.Empty(YamlReader.ReadAll(""));
        Assert.Null(YamlReader.ReadOne("# nothing"));
        Assert.Throws<YamlSyntaxException>(() => YamlReader.ReadOne("a: 1\n---\nb: 2"));
    }

    [Fact]
    public void Nulls_stay_nulls()
    {
        var root = (JsonObject)YamlReader.ReadOne("a:\nb: null\nc: ''")!;

        Assert.True(root.ContainsKey("a"));
        Assert.Null(root["a"]);
        Assert.Null(root["b"]);
        Assert.Equal("", root["c"]!.GetValue<string>());
    }
}
