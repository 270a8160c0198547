using System.Text.Json.Nodes;
using System.Xml.Linq;
using Margay.Cli.Verify;
using Xunit;

namespace Margay.Cli.Tests;

public sealed class VerifyCommandTests
{
    private static readonly string Pci = Commands.In("deploy/examples/pci");

    [Theory]
    [InlineData("deploy/examples/shop/invariants.yaml", "deploy/shop")]
    [InlineData("deploy/examples/tenants/invariants.yaml", "deploy/examples/tenants")]
    public async Task The_invariants_of_the_examples_hold(string invariants, string resources)
    {
        var (code, output, error) = await Commands.RunAsync(VerifyCommand.Build, "verify", "-f", Commands.In(invariants), "-R", Commands.In(resources));
        Assert.True(code == 0, output + error);
        Assert.DoesNotContain("REFUTED", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_proposal_breaks_one_and_the_exit_code_says_so()
    {
        var (code, output, _) = await Pci_("-o", "text", $"{Pci}/proposed");
        Assert.Equal(2, code);
        Assert.Contains("REFUTED  only the tokenizer opens the vault", output, StringComparison.Ordinal);
        Assert.Contains("proposed/debug.yaml:15", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_format_can_be_read()
    {
        var json = JsonNode.Parse((await Pci_("-o", "json", $"{Pci}/proposed")).Output)!;
        Assert.Equal(["failed"], json["checks"]!.AsArray().Select(c => c!["outcome"]!.GetValue<string>()).Where(o => o != "passed"));
        var suite = XDocument.Parse((await Pci_("-o", "junit", $"{Pci}/proposed")).Output).Root!.Element("testsuite")!;
        Assert.Equal("1", suite.Attribute("failures")!.Value);
        var sarif = JsonNode.Parse((await Pci_("-o", "sarif", $"{Pci}/proposed")).Output)!;
        Assert.Contains("refuted-invariant", sarif["runs"]![0]!["results"]!.AsArray().Select(r => r!["ruleId"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Warnings_about_rules_count_only_when_asked()
    {
        string shop = Commands.In("deploy/shop");
        Assert.Equal(0, (await Commands.RunAsync(VerifyCommand.Build, "verify", "-R", shop)).Code);
        Assert.Equal(2, (await Commands.RunAsync(VerifyCommand.Build, "verify", "-R", "--strict", shop)).Code);
    }

    [Fact]
    public async Task What_cannot_be_read_is_no_answer()
    {
        string file = Path.Combine(Directory.CreateTempSubdirectory("margay-cli-").FullName, "bad.yaml");
        await File.WriteAllTextAsync(file, "apiVersion: projectcalico.org/v3\nkind: GlobalNetworkPolicy\nmetadata: { name: p }\nspec:\n  selector: 'a =='\n", TestContext.Current.CancellationToken);
        var (code, output, error) = await Commands.RunAsync(VerifyCommand.Build, "verify", file);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("bad.yaml:5: error: GlobalNetworkPolicy(p): spec.selector", error, StringComparison.Ordinal);
        Assert.Equal(0, (await Commands.RunAsync(VerifyCommand.Build, "verify", "--allow-invalid", file)).Code);
        Assert.Equal(1, (await Commands.RunAsync(VerifyCommand.Build, "verify", "-f", file, Pci)).Code);
        Assert.Equal(1, (await Commands.RunAsync(VerifyCommand.Build, "verify", file + ".gone")).Code);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static Task<(int Code, string Output, string Error)> Pci_(params string[] more) =>
        Commands.RunAsync(VerifyCommand.Build, ["verify", "-f", $"{Pci}/invariants.yaml", Pci, $"{Pci}/policies", .. more]);
}
