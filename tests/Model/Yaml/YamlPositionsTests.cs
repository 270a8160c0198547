using Margay.Model.Yaml;
using Xunit;

namespace Margay.Model.Tests.Yaml;

public sealed class YamlPositionsTests
{
    private const string Text = """
        # A policy.
        metadata:
          labels:
            a.b/c: d
        spec:
          ingress:
            - action: Allow
            - action: Deny
              protocol: TCP
        ---
        { "spec": { "egress": [ 1,
          2 ] } }
        """;

    [Theory]
    [InlineData(0, "spec.ingress[0]", 7, 7)]
    [InlineData(0, "spec.ingress[1].protocol", 9, 17)]
    [InlineData(0, "metadata.labels[a.b/c]", 4, 12)]
    [InlineData(0, "spec.ingress[1].source.nets[3]", 8, 7)]
    [InlineData(0, "spec.ingress[9]", 7, 5)]
    [InlineData(0, "", 2, 1)]
    [InlineData(1, "spec.egress[1]", 12, 3)]
    public void Finds_a_field_or_what_is_nearest_around_it(int document, string path, int line, int column)
    {
        var positions = new YamlPositions();
        var root = YamlReader.ReadAll(Text, "file", positions)[document].Root;
        Assert.Equal((line, column), positions.Find(root, path));
    }

    [Fact]
    public void Knows_nothing_of_what_was_read_without_it() =>
        Assert.Null(new YamlPositions().Find(YamlReader.ReadAll(Text)[0].Root, "spec"));
}
