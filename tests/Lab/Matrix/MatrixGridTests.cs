using System.Net;
using System.Text.Json.Nodes;
using Margay.Lab.Matrix;

namespace Margay.Lab.Tests.Matrix;

public sealed class MatrixGridTests
{
    private static readonly ProbeTarget Web = new("shop/web:80", IPAddress.Parse("10.0.0.1"), 80, ("shop", "web"));
    private static readonly ProbeTarget Data = new("shop/data:5432", IPAddress.Parse("10.0.0.2"), 5432, ("shop", "data"));

    [Fact]
    public void Rows_are_sources_and_columns_are_numbered_targets()
    {
        string text = MatrixGrid.Render([Cell("a", Web, true, ProbeOutcome.Open), Cell("a", Data, false, ProbeOutcome.Closed)]);

        Assert.Equal(
            """
            FROM   \ TO  1  2
            shop/a       ✓  ✗ 

             1  shop/web:80
             2  shop/data:5432

            2 connections tried: 1 open, 1 closed; all as policy says

            """,
            text);
    }

    [Fact]
    public void What_contradicts_policy_is_marked_and_explained()
    {
        string text = MatrixGrid.Render([Cell("a", Web, false, ProbeOutcome.Open)]);

        Assert.Contains("✓!", text, StringComparison.Ordinal);
        Assert.Contains("1 NOT as policy says", text, StringComparison.Ordinal);
        Assert.Contains("shop/a -> shop/web:80 (10.0.0.1): expected closed, was open 1 times; rule r", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_connection_is_not_an_open_one() =>
        Assert.False(Cell("a", Web, true, ProbeOutcome.Refused).Agrees);

    [Fact]
    public void Json_has_totals_and_every_cell()
    {
        var root = JsonNode.Parse(MatrixGrid.Json([Cell("a", Web, true, ProbeOutcome.Open), Cell("a", Data, true, ProbeOutcome.Closed)]))!;

        Assert.Equal(1, root["mismatches"]!.GetValue<int>());
        Assert.Equal(2, root["items"]!.AsArray().Count);
        Assert.Equal("closed", root["items"]![1]!["observed"]!.GetValue<string>());
    }

    private static MatrixCell Cell(string pod, ProbeTarget target, bool expected, ProbeOutcome observed) =>
        new(new ProbeSource("shop", pod, "ns"), target, expected, observed, 1, "r");
}
