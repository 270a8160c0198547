using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Margay.Model.Yaml;
using Margay.Tests;
using Xunit;

namespace Margay.Install.Tests.Charts;

/// <summary>What docs/install tells people to set is what the chart takes.</summary>
public sealed partial class PageTests
{
    /// <summary>The pages, by their names.</summary>
    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(RepositoryFolder.In("docs", "install"), "*.md").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Values_of_a_page_render(string page)
    {
        foreach (Match block in Values().Matches(Read(page)))
        {
            string values = Indent().Replace(block.Groups[1].Value, "");
            Assert.NotEmpty(await Chart.RenderAsync(values));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Switches_of_a_page_render(string page)
    {
        foreach (string line in Read(page).ReplaceLineEndings("\n").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        {
            var switches = Switches().Matches(line).Select(match => match.Groups[1].Value).ToArray();
            if (switches.Length == 0) continue;
            // What one line leaves to another: a certificate's authority.
            var values = new JsonObject { ["apiServer"] = new JsonObject { ["tls"] = new JsonObject { ["caBundle"] = "YWJj" } } };
            foreach (string text in switches) Set(values, text);
            var (exit, _, error) = await Chart.TryRenderAsync(values.ToJsonString());
            Assert.True(exit == 0, $"{line.Trim()}: {error}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Values_that_a_page_names_exist(string page)
    {
        var defaults = (JsonObject)YamlReader.ReadAll(File.ReadAllText(RepositoryFolder.In("deploy", "helm", "margay", "values.yaml")), "values.yaml").Single().Root!;
        foreach (Match name in Names().Matches(Read(page)))
        {
            string[] path = name.Groups[1].Value.Replace("[]", "", StringComparison.Ordinal).Split('.');
            if (!defaults.ContainsKey(path[0])) continue; // the name of something else
            JsonNode? node = defaults;
            foreach (string step in path)
            {
                node = node is JsonArray { Count: > 0 } list ? list[0] : node;
                Assert.True(node is JsonObject fields && fields.ContainsKey(step), $"{page}: values.yaml has no {name.Groups[1].Value} ({step} is missing)");
                node = node![step];
            }
        }
    }

    /// <summary>Does to values what Helm's <c>--set a.b[0].c=value</c> does.</summary>
    private static void Set(JsonObject values, string text)
    {
        string[] parts = text.Split('=', 2);
        string[] path = parts[0].Replace("[0]", ".0", StringComparison.Ordinal).Split('.');
        JsonNode at = values;
        for (int i = 0; i < path.Length - 1; i++)
        {
            bool listed = path[i + 1] == "0";
            if (at is JsonArray list)
            {
                if (list.Count == 0) list.Add(new JsonObject());
                at = list[0]!;
            }
            else
            {
                at = at[path[i]] ??= listed ? new JsonArray() : new JsonObject();
            }
        }
        at[path[^1]] = parts[1] is "true" or "false" ? parts[1] == "true" : parts[1];
    }

    private static string Read(string page) => File.ReadAllText(RepositoryFolder.In("docs", "install", page));

    [GeneratedRegex("<<EOF\n(.*?)\n *EOF\n", RegexOptions.Singleline)]
    private static partial Regex Values();

    [GeneratedRegex("^ +", RegexOptions.Multiline)]
    private static partial Regex Indent();

    [GeneratedRegex("--set[ =]+([a-zA-Z][^ `'\"]*)")]
    private static partial Regex Switches();

    [GeneratedRegex(@"`([a-z][A-Za-z]*(?:\[\])?(?:\.[a-z][A-Za-z0-9]*(?:\[\])?)+)`")]
    private static partial Regex Names();
}
