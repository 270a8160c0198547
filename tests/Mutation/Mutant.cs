using System.Text.Json.Nodes;
using Margay.Model.Yaml;
using Margay.Tests;

namespace Margay.Mutation.Tests;

/// <summary>A deliberately broken variant: one piece of one source file, replaced.</summary>
internal sealed record Mutant(string Id, string File, string Find, string Replace, string Why)
{
    /// <summary>The mutants of <c>mutants.yaml</c>.</summary>
    public static IReadOnlyList<Mutant> ReadAll()
    {
        string path = Path.Combine(Root, "tests", "Mutation", "mutants.yaml");
        var list = (JsonArray)YamlReader.ReadOne(System.IO.File.ReadAllText(path), path)!;
        return [.. list.Select(m => new Mutant(Text(m, "id"), Text(m, "file"), Text(m, "find"), Text(m, "replace"), Text(m, "why")))];
    }

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = RepositoryFolder.Path;

    /// <summary>The source with the piece replaced; null when the piece does not stand there exactly once.</summary>
    public string? Apply(string source)
    {
        int at = source.IndexOf(Find, StringComparison.Ordinal);
        if (Find.Length == 0 || at < 0 || source.IndexOf(Find, at + 1, StringComparison.Ordinal) >= 0) return null;
        return string.Concat(source.AsSpan(0, at), Replace, source.AsSpan(at + Find.Length));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({File}): {Why}";

    private static string Text(JsonNode? node, string field) =>
        node?[field]?.GetValue<string>() ?? throw new FormatException($"mutants.yaml: '{node?["id"]}' has no {field}");
}
