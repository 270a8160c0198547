using Margay.Model.Resources;
using Margay.Model.Validation;
using Xunit;

namespace Margay.Model.Tests.Validation;

/// <summary>What upstream's validator takes and refuses, from its own test cases: facts, in our words.</summary>
public sealed class UpstreamCaseTests
{
    public static TheoryData<string, int, string> Cases()
    {
        var cases = new TheoryData<string, int, string>();
        foreach (string file in (string[])["policies", "addresses", "routing", "felix"])
        {
            string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Validation", "Cases", file + ".txt"));
            for (int i = 0; i < lines.Length; i++)
            {
                if (!lines[i].StartsWith('#'))
                    cases.Add(file, i + 1, lines[i]);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void We_take_and_refuse_what_upstream_does(string file, int line, string text)
    {
        string[] parts = text.Split(' ', 3);
        string name = "name";
        if (parts[2].StartsWith("name:", StringComparison.Ordinal))
        {
            string[] named = parts[2].Split(' ', 2);
            (name, parts[2]) = (named[0]["name:".Length..], named[1]);
        }

        var mistakes = ResourceValidator.Validate(Judge.Make(parts[1], parts[2], name));

        Assert.True(mistakes.Count == 0 == (parts[0] == "+"), $"{file}:{line}: {text}\n{string.Join('\n', mistakes)}");
        Assert.All(mistakes, mistake => Assert.NotEmpty(mistake.Fix));
        Assert.All(mistakes, mistake => Assert.NotEmpty(mistake.Field));
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void Label_values_and_names_of_tiers_have_63_characters(int length, bool good)
    {
        string text = new('x', length);

        Assert.Equal(good, IsGood("Tier", "{order: 1}", text));
        Assert.Equal(good, IsGood("Profile", $"{{labelsToApply: {{a: {text}}}}}"));
        Assert.Equal(good, IsGood("IPPool", $"{{metadata: {{labels: {{projectcalico.org/label: {text}}}}}, spec: {{cidr: 1.2.3.0/24}}}}"));
    }

    [Theory]
    [InlineData(253, true)]
    [InlineData(254, false)]
    public void Names_have_253_characters(int length, bool good)
    {
        Assert.Equal(good, IsGood("IPPool", "{cidr: 1.2.3.0/24}", new('x', length)));
        Assert.Equal(good, IsGood("NetworkPolicy", "{}", new('x', length)));
        Assert.Equal(good, IsGood("StagedNetworkPolicy", "{stagedAction: Delete}", new('x', length)));
    }

    [Fact]
    public void Annotations_have_256_KiB_together()
    {
        var pool = (IPPool)Judge.Make("IPPool", "{cidr: 1.2.3.0/24}");

        pool.Metadata.Annotations = new() { ["key"] = new string('x', (256 * 1024) - 3) };
        Assert.Empty(ResourceValidator.Validate(pool));
        pool.Metadata.Annotations = new() { ["key"] = new string('x', (256 * 1024) - 2) };
        Assert.Single(ResourceValidator.Validate(pool));
    }

    [Theory]
    [InlineData("jlkVyQYooZYzI2wFfNhSZez5eWh44yfq1wKVjLvSXgY=", true)]
    [InlineData("foobar", false)]
    public void WireGuard_keys_are_32_bytes(string key, bool good) =>
        Assert.Equal(good, ResourceValidator.Validate(new CalicoNode { Metadata = { Name = "n" }, Status = new() { WireguardPublicKey = key } }).Count == 0);

    [Fact]
    public void A_pool_does_not_turn_from_load_balancers_to_workloads()
    {
        var old = Judge.Make("IPPool", "{cidr: 1.2.3.0/24, allowedUses: [LoadBalancer]}");

        var mistakes = ResourceValidator.Validate(Judge.Make("IPPool", "{cidr: 1.2.3.0/24, allowedUses: [Workload]}"), old);

        Assert.Equal(["spec.allowedUses Forbidden"], mistakes.Select(Judge.Short));
    }

    private static bool IsGood(string kind, string text, string name = "name") => ResourceValidator.Validate(Judge.Make(kind, text, name)).Count == 0;
}
