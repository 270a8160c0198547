using System.Text.Json.Nodes;
using Margay.Cli.Plan;
using Xunit;

namespace Margay.Cli.Tests;

public sealed class PlanCommandTests
{
    private static readonly string Pci = Commands.In("deploy/examples/pci");

    [Fact]
    public async Task Says_what_a_proposal_opens()
    {
        var (code, output, _) = await Plan("-f", $"{Pci}/proposed");
        Assert.Equal(2, code);
        Assert.Contains("+ open  app=jumphost -> app=card-vault: TCP 5432", output, StringComparison.Ordinal);
        Assert.Contains("1 line (4 pairs) opens", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_silent_about_nothing()
    {
        var (code, output, _) = await Plan();
        Assert.Equal((0, "No connection opens, closes or is decided by another rule."), (code, output.Trim()));
    }

    [Fact]
    public async Task Json_names_every_part()
    {
        var changes = JsonNode.Parse((await Plan("-f", $"{Pci}/proposed", "-o", "json", "--no-rules")).Output)!["changes"]!.AsArray();
        var change = Assert.Single(changes)!;
        Assert.Equal(("opens", "TCP 5432", true), (change["kind"]!.GetValue<string>(), change["packets"]!.GetValue<string>(), change["passes"]!.GetValue<bool>()));
        Assert.EndsWith("debug.yaml:15", change["after"]!["place"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("-f", "cluster")]
    [InlineData("-f", "gone.yaml", "--against", "gone")]
    [InlineData("-f", "x", "--with", "y")]
    [InlineData("-f", ".", "--against", "git:no-such-revision")]
    public async Task What_cannot_be_compared_is_no_answer(params string[] arguments)
    {
        var (code, output, error) = await Commands.RunAsync(PlanCommand.Build, ["plan", .. arguments]);
        Assert.Equal((1, ""), (code, output));
        Assert.NotEmpty(error);
    }

    private static Task<(int Code, string Output, string Error)> Plan(params string[] more) =>
        Commands.RunAsync(PlanCommand.Build, ["plan", "-f", $"{Pci}/policies", "--against", $"{Pci}/policies", "--with", Pci, .. more]);
}
